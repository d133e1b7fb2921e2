//! `cargo xtask examples`: runs what the README tells readers to run.
//!
//! The examples are used as a reader uses them, by the commands and the lines
//! of JSON that the project promises to keep, and never by their code.

mod language;
mod others;
mod pipeline;

use std::process::Command;

use anyhow::{Context, ensure};

use crate::process;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Builds all examples once, then runs them.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    process::run(&mut workspace.cargo(["build", "--release", "--examples"]))?;
    let mut steps = Steps::default();
    steps.run("quickstart", || quickstart(workspace));
    steps.run("language", || language::check(workspace));
    steps.run("ingest and analyze", || pipeline::check(workspace));
    steps.run("snowflake_setup", || others::snowflake_setup(workspace));
    steps.run("hubspot_simulator", || others::hubspot_simulator(workspace));
    steps.finish()
}

/// `cargo run --release --example <name> -- <arguments>`.
fn example(workspace: &Workspace, name: &str, arguments: &[&str]) -> Command {
    let mut command = workspace.cargo(["run", "--quiet", "--release", "--example", name, "--"]);
    command.args(arguments);
    command
}

/// The quickstart succeeds and names a report that is a page with charts.
fn quickstart(workspace: &Workspace) -> anyhow::Result<()> {
    let printed = process::output(&mut example(workspace, "quickstart", &[]))?;
    println!("{printed}");
    let named = printed
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'', '`', '(', ')', ',']))
        .find(|word| word.ends_with(".html"))
        .context("the quickstart names no HTML report")?;
    let page =
        std::fs::read_to_string(workspace.root.join(named)).with_context(|| named.to_owned())?;
    ensure!(page.contains("<svg"), "{named} has no chart");
    ensure!(
        !page.contains("src=\"http") && !page.contains("@import"),
        "{named} loads something from elsewhere"
    );
    Ok(())
}
