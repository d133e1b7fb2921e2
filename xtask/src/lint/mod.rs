//! `cargo xtask lint`: format, lints, docs, dependencies, features, files, SQL.

mod dependencies;
mod files;
mod links;
mod snowflake_sql;

use std::process::Command;

use crate::process;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Runs every check, also after one that fails.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let mut steps = Steps::default();
    steps.run("format", || {
        process::run(&mut workspace.cargo(["fmt", "--all", "--", "--check"]))
    });
    steps.run("files", || files::check(workspace));
    steps.run("docs links", || links::check(workspace));
    steps.run("Snowflake SQL", || snowflake_sql::check(workspace));
    steps.run("dependencies", || dependencies::check(workspace));
    steps.run("cargo deny", || deny(workspace));
    steps.run("clippy", || process::run(&mut clippy(workspace, &[])));
    steps.run("clippy, all features", || {
        process::run(&mut clippy(workspace, &["--all-features"]))
    });
    // The other steps have both kinds of sessions on at once.
    steps.run("clippy, sessions on snowflake-api alone", || {
        let mut command = workspace.cargo(["clippy", "--package", "snowflake-sql"]);
        command
            .args(["--no-default-features", "--features", "snowflake-api"])
            .args(["--lib", "--test", "snowflake_api"])
            .args(["--", "-D", "warnings"]);
        process::run(&mut command)
    });
    steps.run("docs", || {
        let arguments = ["doc", "--workspace", "--no-deps", "--all-features"];
        process::run(
            workspace
                .cargo(arguments)
                .env("RUSTDOCFLAGS", "-D warnings"),
        )
    });
    // A workspace build turns on the union of all features, so a crate can pass
    // there and fail for the team that depends on it alone.
    for member in workspace.members() {
        steps.run(format!("{member} alone"), || {
            process::run(&mut workspace.cargo(["check", "--package", member]))?;
            process::run(&mut workspace.cargo(["check", "--package", member, "--all-features"]))
        });
    }
    steps.finish()
}

fn clippy(workspace: &Workspace, features: &[&str]) -> Command {
    let mut command = workspace.cargo(["clippy", "--workspace", "--all-targets"]);
    command.args(features).args(["--", "-D", "warnings"]);
    command
}

fn deny(workspace: &Workspace) -> anyhow::Result<()> {
    if !workspace.has_subcommand("deny") {
        eprintln!("skipped: cargo-deny is not installed, so advisories are not checked");
        return Ok(());
    }
    process::run(&mut workspace.cargo(["deny", "check"]))
}
