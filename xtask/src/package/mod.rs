//! `cargo xtask package`: what the registry would get, and what a team does with it.
//!
//! A member that compiles inside the workspace may still miss a file, a dependency or
//! a re-export outside it. So every crate is packaged, unpacked, and used by new projects
//! that know nothing of the workspace.

mod contents;
mod outside;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::process;
use crate::steps::Steps;
use crate::workspace::{Package, Workspace};

/// Packages the members, and builds the projects that use them.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let published = workspace.published();
    let mut steps = Steps::default();
    steps.run("cargo package", || package(workspace));
    steps.run("contents of the packages", || {
        published
            .iter()
            .try_for_each(|member| contents::check(&unpack(workspace, member)?))
    });
    outside::run(workspace, &published, &mut steps);
    steps.finish()
}

/// Makes the archives. The projects outside compile what is in them, with dependencies
/// that are compiled already; cargo's own check would compile them all anew.
fn package(workspace: &Workspace) -> anyhow::Result<()> {
    let arguments = ["package", "--workspace", "--no-verify", "--allow-dirty"];
    let mut command = workspace.cargo(arguments);
    // cargo packages members, also those that go to no registry.
    let published: Vec<&str> = workspace
        .published()
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    for member in workspace.members() {
        if !published.contains(&member.name.as_str()) {
            command.args(["--exclude", &member.name]);
        }
    }
    process::run(&mut command)
}

/// Where the unpacked packages are.
fn unpacked(workspace: &Workspace, package: &Package) -> PathBuf {
    let folder = format!("{}-{}", package.name, package.version);
    workspace.target.join("outside/packages").join(folder)
}

/// Unpacks what a member is packaged into.
fn unpack(workspace: &Workspace, package: &Package) -> anyhow::Result<PathBuf> {
    let folder = unpacked(workspace, package);
    let parent = folder.parent().context("a folder for packages")?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(parent)?;
    let archive = format!("package/{}-{}.crate", package.name, package.version);
    let mut tar = Command::new("tar");
    // `m`: an archive's own times are all of one day in 2006, and cargo would take what it
    // compiled of the last archive for this one's.
    tar.arg("-xzmf").arg(workspace.target.join(archive));
    process::run(tar.arg("-C").arg(parent))?;
    Ok(folder)
}

/// A path as TOML writes it.
fn quoted(path: &Path) -> String {
    format!("{:?}", path.display().to_string())
}
