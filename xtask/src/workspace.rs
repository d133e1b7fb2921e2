//! Where the workspace is and what it consists of.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;
use serde::Deserialize;

use crate::process;

/// Features of the root package that bring dependencies; see its manifest.
const ROOT_FEATURES: &str = "snowflake-api";

/// The workspace that this program was built from.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Its root.
    pub(crate) root: PathBuf,
    /// Where cargo builds it.
    pub(crate) target: PathBuf,
    /// Every package in its dependency graph, for all platforms: with default features,
    /// and with those of the root package, which bring dependencies that are optional.
    pub(crate) packages: Vec<Package>,
}

/// A package as `cargo metadata` describes it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Package {
    /// Name.
    pub(crate) name: String,
    /// Version.
    pub(crate) version: String,
    /// Its manifest.
    pub(crate) manifest_path: PathBuf,
    /// Licence expression.
    pub(crate) license: Option<String>,
    /// Registry or repository it comes from; none for the workspace's own.
    pub(crate) source: Option<String>,
    /// The oldest Rust that it says it compiles with.
    pub(crate) rust_version: Option<String>,
    /// Registries that it may go to; none given means any, and an empty list means never.
    #[serde(default)]
    pub(crate) publish: Option<Vec<String>>,
    /// Its features, with what each turns on.
    #[serde(default)]
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// What it depends on.
    #[serde(default)]
    pub(crate) dependencies: Vec<Dependency>,
}

/// A dependency as a manifest declares it.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    /// The package.
    pub(crate) name: String,
    /// `dev` or `build`; none for what every build needs.
    pub(crate) kind: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
    packages: Vec<Package>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn locate() -> anyhow::Result<Self> {
        let mut command = Command::new(process::cargo_program());
        command
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .args(["metadata", "--format-version", "1"])
            .args(["--features", ROOT_FEATURES]);
        let json = process::output(&mut command)?;
        let metadata: Metadata =
            serde_json::from_str(&json).context("cargo metadata printed something unexpected")?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            packages: metadata.packages,
        })
    }

    /// The workspace's own packages, in name order.
    pub(crate) fn members(&self) -> Vec<&Package> {
        let own = |package: &&Package| package.source.is_none();
        let mut members: Vec<&Package> = self.packages.iter().filter(own).collect();
        members.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        members
    }

    /// The members that go to the registry.
    pub(crate) fn published(&self) -> Vec<&Package> {
        let mut members = self.members();
        members.retain(|member| member.publish.as_ref().is_none_or(|to| !to.is_empty()));
        members
    }

    /// A cargo command at the root.
    pub(crate) fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(process::cargo_program());
        command.current_dir(&self.root).args(arguments);
        // What cargo tells this program of itself makes build scripts of dependencies, such as
        // ring's, take everything for changed: all would be built twice, here and by hand.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&*name);
            }
        }
        command
    }

    /// Whether `cargo <subcommand>` is installed.
    pub(crate) fn has_subcommand(&self, subcommand: &str) -> bool {
        self.cargo([subcommand, "--version"])
            .output()
            .is_ok_and(|output| output.status.success())
    }
}
