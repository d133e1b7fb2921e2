//! Licences, bans, sources and duplicates, by the rules of `deny.toml`.
//!
//! `cargo deny` knows more (advisories, licence texts) but is not on every
//! machine; this part of it needs nothing but `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use serde::Deserialize;
use spdx::{Expression, ParseMode};

use crate::workspace::{Package, Workspace};

/// How cargo names crates.io in `cargo metadata`.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The part of `deny.toml` that is read here.
#[derive(Debug, Deserialize)]
struct Rules {
    licenses: LicenceRules,
    bans: BanRules,
}

#[derive(Debug, Deserialize)]
struct LicenceRules {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct BanRules {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

/// Refuses what the rules refuse, and says which crates are there twice.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(workspace.root.join("deny.toml")).context("deny.toml")?;
    let rules: Rules = toml::from_str(&text).context("deny.toml")?;
    for (name, versions) in duplicates(&workspace.packages) {
        eprintln!(
            "note: {name} is present in versions {}",
            versions.join(", ")
        );
    }
    let problems = problems(&rules, &workspace.packages);
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} dependencies break the rules", problems.len());
    }
    eprintln!("{} packages keep the rules", workspace.packages.len());
    Ok(())
}

fn problems(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let mut problems = Vec::new();
    for package in packages {
        let Package { name, version, .. } = package;
        if let Err(why) = check_licence(&rules.licenses, package) {
            problems.push(format!("{name} {version}: {why}"));
        }
        if let Some(ban) = rules.bans.deny.iter().find(|ban| ban.name == *name) {
            problems.push(format!("{name} {version}: banned: {}", ban.reason));
        }
        if let Some(source) = package.source.as_deref().filter(|s| *s != CRATES_IO) {
            problems.push(format!("{name} {version}: comes from {source}"));
        }
    }
    problems
}

fn check_licence(rules: &LicenceRules, package: &Package) -> Result<(), String> {
    let licence = package.license.as_deref().ok_or("has no licence field")?;
    let expression = Expression::parse_mode(licence, ParseMode::LAX)
        .map_err(|error| format!("licence {licence}: {}", error.reason))?;
    let allowed = |wanted: &spdx::LicenseReq| rules.allow.contains(&wanted.to_string());
    if expression.evaluate(allowed) {
        return Ok(());
    }
    Err(format!("licence {licence} is not allowed"))
}

fn duplicates(packages: &[Package]) -> BTreeMap<&str, Vec<&str>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions
            .entry(&package.name)
            .or_default()
            .insert(&package.version);
    }
    versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| (name, versions.into_iter().collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let text = r#"
            [licenses]
            allow = ["MIT", "Apache-2.0"]
            [bans]
            deny = [{ crate = "openssl-sys", reason = "TLS is rustls" }]
        "#;
        toml::from_str(text).unwrap()
    }

    fn package(name: &str, license: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: Some(license.to_owned()),
            source: Some(CRATES_IO.to_owned()),
            ..Package::default()
        }
    }

    #[test]
    fn one_allowed_choice_is_enough_and_old_spellings_are_understood() {
        let packages = [
            package("a", "MIT OR GPL-3.0-only"),
            package("b", "MIT/Apache-2.0"),
        ];
        assert!(problems(&rules(), &packages).is_empty());
    }

    #[test]
    fn all_parts_of_a_conjunction_must_be_allowed() {
        let packages = [package("a", "MIT AND GPL-3.0-only")];
        assert_eq!(
            problems(&rules(), &packages),
            ["a 1.0.0: licence MIT AND GPL-3.0-only is not allowed"]
        );
    }

    #[test]
    fn banned_crates_and_foreign_sources_are_named() {
        let fork = Package {
            source: Some("git+https://example.com/fork".to_owned()),
            ..package("fork", "MIT")
        };
        assert_eq!(
            problems(&rules(), &[package("openssl-sys", "MIT"), fork]),
            [
                "openssl-sys 1.0.0: banned: TLS is rustls",
                "fork 1.0.0: comes from git+https://example.com/fork",
            ]
        );
    }

    #[test]
    fn two_versions_are_found() {
        let newer = Package {
            version: "2.0.0".to_owned(),
            ..package("syn", "MIT")
        };
        let packages = [package("syn", "MIT"), newer, package("serde", "MIT")];
        assert_eq!(
            duplicates(&packages),
            BTreeMap::from([("syn", vec!["1.0.0", "2.0.0"])])
        );
    }
}
