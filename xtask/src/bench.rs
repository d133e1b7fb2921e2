//! `cargo xtask bench`: how fast the main job is on this machine.

use crate::process;
use crate::workspace::Workspace;

/// Runs the end-to-end benchmark; the arguments are its own (`-- --help` lists them).
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> anyhow::Result<()> {
    let mut command = workspace.cargo(["bench", "--quiet", "--bench", "end_to_end", "--"]);
    process::run(command.args(arguments))
}
