//! `cargo xtask lint`: format, lints, docs, dependencies, features, files, structure, SQL.

mod advisories;
mod arrows;
mod circles;
mod dependencies;
mod features;
mod files;
mod links;
mod paths;
mod rust_version;
mod snowflake_sql;
mod source;
mod stacks;
mod test_programs;
mod unused_public;

use std::path::Path;
use std::process::Command;

use anyhow::Context;

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
    steps.run("programs of tests", || test_programs::check(workspace));
    steps.run("docs links", || links::check(workspace));
    steps.run("circles of files", || circles::check(workspace));
    steps.run("arrows between crates", || arrows::check(workspace));
    steps.run("features", || features::listed(workspace));
    steps.run("public items", || unused_public::check(workspace));
    steps.run("Snowflake SQL", || snowflake_sql::check(workspace));
    steps.run("dependencies", || dependencies::check(workspace));
    steps.run("stacks", || stacks::check(workspace));
    steps.run("oldest Rust", || rust_version::check(workspace));
    steps.run("cargo deny", || advisories::deny(workspace));
    steps.run("cargo audit", || advisories::audit(workspace));
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
    features::run(workspace, &mut steps);
    steps.finish()
}

/// The folders of the libraries, in the order of their names.
fn crates(root: &Path) -> anyhow::Result<Vec<String>> {
    let entries = std::fs::read_dir(root.join("crates")).context("crates")?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn clippy(workspace: &Workspace, features: &[&str]) -> Command {
    let mut command = workspace.cargo(["clippy", "--workspace", "--all-targets"]);
    command.args(features).args(["--", "-D", "warnings"]);
    command
}
