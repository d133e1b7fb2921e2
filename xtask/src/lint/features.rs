//! Each crate alone, and each of its features alone.
//!
//! A workspace build turns on the union of all features, so a crate can pass there and
//! fail for the team that depends on it alone.

use anyhow::{Context, bail};

use crate::process;
use crate::steps::Steps;
use crate::workspace::{Package, Workspace};

/// Compiles every member in each shape that a team can ask for.
pub(super) fn run(workspace: &Workspace, steps: &mut Steps) {
    for member in workspace.members() {
        steps.run(format!("{} alone", member.name), || {
            for shape in shapes(member) {
                let mut check = workspace.cargo(["check", "--package", &member.name]);
                process::run(check.args(shape))?;
            }
            Ok(())
        });
    }
}

/// Refuses a feature that the front page of its crate does not list.
pub(super) fn listed(workspace: &Workspace) -> anyhow::Result<()> {
    let mut unlisted = 0;
    for member in workspace.published() {
        let page = member.manifest_path.with_file_name("src").join("lib.rs");
        let page = std::fs::read_to_string(&page).with_context(|| page.display().to_string())?;
        for name in missing(member, &page) {
            eprintln!("{}: the feature {name} is not in src/lib.rs", member.name);
            unlisted += 1;
        }
    }
    if unlisted > 0 {
        bail!("{unlisted} features without a word");
    }
    Ok(())
}

fn missing<'a>(member: &'a Package, page: &str) -> Vec<&'a str> {
    let names = member.features.keys().map(String::as_str);
    let is_listed = |name: &str| page.contains(&format!("//! | `{name}`"));
    names
        .filter(|name| *name != "default" && !is_listed(name))
        .collect()
}

/// Arguments that choose features: the default, none, each by itself, all.
fn shapes(member: &Package) -> Vec<Vec<String>> {
    let mut shapes = vec![Vec::new()];
    if member.features.is_empty() {
        return shapes;
    }
    let none = "--no-default-features".to_owned();
    if member.features.contains_key("default") {
        shapes.push(vec![none.clone()]);
    }
    // Mocks only add a type; that they compile beside the rest is enough.
    let backends = member
        .features
        .keys()
        .filter(|name| !matches!(name.as_str(), "default" | "mocks"));
    shapes.extend(backends.map(|name| vec![none.clone(), "--features".to_owned(), name.clone()]));
    shapes.push(vec!["--all-features".to_owned()]);
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(features: &[&str]) -> Package {
        let features = features.iter().map(|name| ((*name).to_owned(), Vec::new()));
        Package {
            features: features.collect(),
            ..Package::default()
        }
    }

    #[test]
    fn each_backend_is_compiled_by_itself() {
        let shapes = shapes(&member(&["default", "mocks", "rest", "sql"]));
        let shapes: Vec<String> = shapes.iter().map(|shape| shape.join(" ")).collect();
        assert_eq!(
            shapes,
            [
                "",
                "--no-default-features",
                "--no-default-features --features rest",
                "--no-default-features --features sql",
                "--all-features",
            ]
        );
    }

    #[test]
    fn a_feature_without_a_line_is_missing() {
        let member = member(&["default", "mocks", "rest"]);
        assert_eq!(
            missing(&member, "//! | `rest` (default) | HTTP |"),
            ["mocks"]
        );
    }

    #[test]
    fn without_features_there_is_one_shape() {
        assert_eq!(shapes(&member(&[])).len(), 1);
    }
}
