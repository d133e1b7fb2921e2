//! `cargo xtask bench`: how fast the main job is on this machine, and how long landing waits
//! for a slow Snowflake.

use crate::process;
use crate::workspace::Workspace;

/// Runs the end-to-end benchmark; the arguments are its own (`-- --help` lists them). Then
/// lands a thousand calls on a double of Snowflake, one page and several at a time.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> anyhow::Result<()> {
    let mut command = workspace.cargo(["bench", "--quiet", "--bench", "end_to_end", "--"]);
    process::run(command.args(arguments))?;
    for pages in ["1", "4"] {
        let mut command = workspace.cargo(["run", "--quiet", "--release", "--package"]);
        command.args(["testkit", "--example", "snowflake_landing", "--"]);
        process::run(command.args(["1000", pages]))?;
    }
    Ok(())
}
