//! `cargo xtask bench`: how fast the main job is on this machine, how long landing waits
//! for a slow Snowflake, and how it compares with what else there is.

use std::process::Command;

use crate::process;
use crate::python;
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

/// Runs a sync of `calls` calls beside pipelines in dlt, on the same simulated Gong.
pub(crate) fn peers(
    workspace: &Workspace,
    calls: u32,
    sentences: u32,
    rounds: u32,
) -> anyhow::Result<()> {
    for package in [["gong-snowflake", "ingest"], ["testkit", "gong_simulator"]] {
        let [package, example] = package;
        let mut command = workspace.cargo(["build", "--quiet", "--release", "--package"]);
        process::run(command.args([package, "--example", example]))?;
    }
    let python = python::environment(workspace, "peers", "benches/peers/requirements.txt")?;
    let examples = workspace.target.join("release").join("examples");
    process::run(
        Command::new(python)
            .arg(workspace.root.join("benches/peers/compare.py"))
            .arg(examples.join("gong_simulator"))
            .arg(examples.join("ingest"))
            .args([calls, sentences, rounds].map(|number| number.to_string())),
    )
}
