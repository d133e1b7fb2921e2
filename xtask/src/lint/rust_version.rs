//! The oldest Rust that the workspace promises: what its dependencies need, and no newer.
//!
//! Only one toolchain is at hand, so nothing is compiled with an older one. Clippy's
//! `incompatible_msrv` holds our own use of the standard library against the same number.

use std::collections::BTreeSet;

use anyhow::{Context, bail};

use crate::workspace::{Package, Workspace};

/// Compares the members' `rust-version` with the highest among their dependencies.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let members = workspace.members();
    let promised: BTreeSet<_> = members.iter().map(|member| version(member)).collect();
    let (Some(promised), 1) = (promised.first().copied().flatten(), promised.len()) else {
        bail!("members differ in `rust-version`, or have none");
    };
    let others = workspace
        .packages
        .iter()
        .filter(|package| package.source.is_some());
    let (needed, by) = others
        .filter_map(|package| Some((version(package)?, package)))
        .max_by_key(|(needed, _)| *needed)
        .context("no dependency says which Rust it needs")?;
    if promised != needed {
        bail!(
            "`rust-version` is {}.{}; {} {}, the dependency that needs most, needs {}.{}",
            promised.0,
            promised.1,
            by.name,
            by.version,
            needed.0,
            needed.1
        );
    }
    Ok(())
}

/// Major and minor; a patch release changes nothing that a manifest could need.
fn version(package: &Package) -> Option<(u32, u32)> {
    let mut parts = package.rust_version.as_deref()?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let package = |rust_version: &str| Package {
            rust_version: Some(rust_version.to_owned()),
            ..Package::default()
        };
        assert!(version(&package("1.100")) > version(&package("1.89.0")));
        assert_eq!(version(&package("1.89.1")), version(&package("1.89")));
        assert_eq!(version(&Package::default()), None);
    }
}
