//! Crates need only crates below them, and one of them alone the HTTP library.
//!
//! Cargo refuses circles of dependencies, but not those that tests close: a crate's tests
//! may need the test kit, which needs the crate. Its examples may not, for who reads them
//! has the crate alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, bail};

use super::source::{Source, sources};
use crate::workspace::Workspace;

/// The crate that stands above those whose tests need it.
const TEST_KIT: &str = "testkit";

/// The crate that wraps the HTTP library, and the library.
const HTTP: (&str, &str) = ("outbound", "reqwest");

/// What a crate's manifest asks for, by the names of folders or of packages.
#[derive(Debug, Default)]
struct Needs {
    always: BTreeSet<String>,
    in_tests: BTreeSet<String>,
}

/// Refuses arrows that point up.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let mut crates = BTreeMap::new();
    let mut examples = BTreeMap::new();
    for name in super::crates(&workspace.root)? {
        crates.insert(name.clone(), needs(&workspace.root, &name)?);
        let folder = format!("crates/{name}/examples");
        examples.insert(name, sources(&workspace.root, &folder)?);
    }
    let problems = problems(&crates, &examples);
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} arrows point up", problems.len());
    }
    eprintln!("{} crates need only crates below them", crates.len());
    Ok(())
}

fn needs(root: &Path, name: &str) -> anyhow::Result<Needs> {
    let path = root.join("crates").join(name).join("Cargo.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let manifest: toml::Table =
        toml::from_str(&text).with_context(|| path.display().to_string())?;
    let section = |section: &str| -> BTreeSet<String> {
        let names = manifest.get(section).and_then(toml::Value::as_table);
        names
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    Ok(Needs {
        always: section("dependencies"),
        in_tests: section("dev-dependencies"),
    })
}

fn problems(
    crates: &BTreeMap<String, Needs>,
    examples: &BTreeMap<String, Vec<Source>>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, needs) in crates {
        let is_above = |other: &String| other != name && below(other, crates).contains(name);
        let above: Vec<&String> = crates.keys().filter(|other| is_above(other)).collect();
        for other in needs.in_tests.iter().filter(|other| above.contains(other)) {
            if other != TEST_KIT {
                problems.push(format!(
                    "{name}: its tests need {other}, which stands above it"
                ));
            }
        }
        let (http, library) = HTTP;
        let all = needs.always.union(&needs.in_tests);
        if name != http && name != TEST_KIT && all.into_iter().any(|need| need == library) {
            problems.push(format!("{name}: needs {library}; take it from {http}"));
        }
        for source in examples.get(name).into_iter().flatten() {
            let named = |other: &&&String| {
                let library = other.replace('-', "_");
                source
                    .tokens
                    .windows(2)
                    .any(|pair| pair[0] == library && pair[1] == "::")
            };
            for other in above.iter().filter(named) {
                problems.push(format!(
                    "{}: needs {other}, which stands above {name}",
                    source.path
                ));
            }
        }
    }
    problems
}

/// Everything that a crate needs, itself included.
fn below(name: &str, crates: &BTreeMap<String, Needs>) -> BTreeSet<String> {
    let mut below = BTreeSet::from([name.to_owned()]);
    let mut open = vec![name.to_owned()];
    while let Some(needs) = open.pop().and_then(|name| crates.get(&name)) {
        for next in needs
            .always
            .iter()
            .filter(|next| crates.contains_key(*next))
        {
            if below.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crates(all: &[(&str, &[&str], &[&str])]) -> BTreeMap<String, Needs> {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let needs = all.iter().map(|(name, always, in_tests)| {
            let (always, in_tests) = (names(always), names(in_tests));
            ((*name).to_owned(), Needs { always, in_tests })
        });
        needs.collect()
    }

    #[test]
    fn tests_may_need_the_test_kit_and_nothing_else_above() {
        let crates = crates(&[
            ("domain", &[], &["testkit", "sync"]),
            ("sync", &["domain", "serde"], &[]),
            ("testkit", &["domain", "sync"], &[]),
        ]);
        assert_eq!(
            problems(&crates, &BTreeMap::new()),
            ["domain: its tests need sync, which stands above it"]
        );
    }

    #[test]
    fn examples_need_only_what_is_below() {
        let crates = crates(&[
            ("store", &["domain"], &[]),
            ("domain", &[], &[]),
            ("testkit", &["store"], &[]),
        ]);
        let example = |text| {
            let source = Source::new("crates/store/examples/a.rs", text);
            BTreeMap::from([("store".to_owned(), vec![source])])
        };
        assert!(problems(&crates, &example("use domain::Call; // testkit::Double")).is_empty());
        assert_eq!(
            problems(&crates, &example("use testkit::Double;")),
            ["crates/store/examples/a.rs: needs testkit, which stands above store"]
        );
    }

    #[test]
    fn one_crate_alone_needs_the_http_library() {
        let crates = crates(&[
            ("outbound", &["reqwest"], &[]),
            ("client", &["outbound", "reqwest"], &[]),
        ]);
        assert_eq!(
            problems(&crates, &BTreeMap::new()),
            ["client: needs reqwest; take it from outbound"]
        );
    }
}
