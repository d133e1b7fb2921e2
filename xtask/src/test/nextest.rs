//! Tests under nextest, read from its JUnit report.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;
use roxmltree::{Document, Node};

use crate::workspace::Workspace;

use super::{Outcome, Skip, skip_reason};

/// The profile in `.config/nextest.toml` that writes the report.
const PROFILE: &str = "xtask";

/// What cargo is given: all tests, also after a failure.
pub(super) const ARGUMENTS: [&str; 6] = [
    "nextest",
    "run",
    "--workspace",
    "--no-fail-fast",
    "--profile",
    PROFILE,
];

/// What cargo is given to build them all, so that the time of the build is seen by itself.
pub(super) const BUILD: [&str; 4] = ["nextest", "run", "--workspace", "--no-run"];

/// How many of the longest are shown.
const SHOWN: usize = 15;

/// Runs a cargo command with [`ARGUMENTS`] and reads its report.
pub(super) fn run(workspace: &Workspace, mut command: Command) -> anyhow::Result<Outcome> {
    let report = report(workspace);
    if report.exists() {
        // The report of an earlier run must not be taken for this one's.
        std::fs::remove_file(&report).with_context(|| format!("{}", report.display()))?;
    }
    let succeeded = crate::process::follow(&mut command, |_line| {})?;
    let xml = std::fs::read_to_string(&report)
        .context("nextest wrote no report, so the tests were not run")?;
    let document = Document::parse(&xml).context("nextest's report is not XML")?;
    eprintln!("\nwhere the time of tests goes, summed:");
    for (seconds, tests, name) in times(&document).iter().take(SHOWN) {
        eprintln!("{seconds:>8.1} s  {tests:>4} tests  {name}");
    }
    read(&document).checked(succeeded)
}

/// Where nextest writes, whatever cargo's target directory is.
fn report(workspace: &Workspace) -> PathBuf {
    let store: PathBuf = ["target", "nextest", PROFILE, "junit.xml"].iter().collect();
    workspace.root.join(store)
}

fn cases<'a>(document: &'a Document<'_>) -> impl Iterator<Item = Node<'a, 'a>> {
    let all = document.descendants();
    all.filter(|node| node.has_tag_name("testcase"))
}

/// Seconds and number of the tests of each module, the longest first.
fn times(document: &Document<'_>) -> Vec<(f64, usize, String)> {
    let mut modules: BTreeMap<String, (f64, usize)> = BTreeMap::new();
    for case in cases(document) {
        let named = |attribute| case.attribute(attribute).unwrap_or_default();
        let path = named("name").split_once("::");
        let module = path.map_or_else(String::new, |(module, _)| format!(" {module}"));
        let sum = modules.entry(named("classname").to_owned() + &module);
        let sum = sum.or_default();
        sum.0 += named("time").parse().unwrap_or(0.0);
        sum.1 += 1;
    }
    let modules = modules.into_iter();
    let mut times: Vec<_> = modules.map(|(name, (sum, of))| (sum, of, name)).collect();
    times.sort_by(|one, other| other.0.total_cmp(&one.0));
    times
}

fn read(document: &Document<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    for case in cases(document) {
        let has = |tag: &str| case.children().any(|child| child.has_tag_name(tag));
        if has("failure") || has("error") {
            outcome.failed += 1;
        } else {
            outcome.passed += 1;
        }
        outcome.skips.extend(skips(case));
    }
    outcome
}

fn skips(case: Node<'_, '_>) -> impl Iterator<Item = Skip> {
    let name = |attribute| case.attribute(attribute).unwrap_or_default();
    let test = format!("{} {}", name("classname"), name("name"));
    case.children()
        .filter(|child| child.has_tag_name("system-err") || child.has_tag_name("system-out"))
        .filter_map(|output| output.text())
        .flat_map(str::lines)
        .filter_map(skip_reason)
        .map(move |reason| Skip {
            test: test.clone(),
            reason: reason.to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_counted_and_skips_found() {
        let xml = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="3" failures="1" errors="0">
  <testsuite name="calls" tests="3" failures="1">
    <testcase name="id::keeps_twenty_digits" classname="calls"/>
    <testcase name="reads_recorded_replies" classname="calls::wire">
      <system-out>running 1 test</system-out>
      <system-err>skipped: recorded &amp; sanitised replies are absent
</system-err>
    </testcase>
    <testcase name="fails" classname="calls"><failure type="test failure"/></testcase>
  </testsuite>
</testsuites>"#;
        assert_eq!(
            read(&Document::parse(xml).unwrap()),
            Outcome {
                passed: 2,
                failed: 1,
                skips: vec![Skip {
                    test: "calls::wire reads_recorded_replies".to_owned(),
                    reason: "recorded & sanitised replies are absent".to_owned(),
                }],
            }
        );
    }

    #[test]
    fn times_are_summed_by_module_with_the_longest_first() {
        let xml = r#"<testsuites><testsuite>
            <testcase name="login::renews" classname="sql::all" time="1.5"/>
            <testcase name="pool::waits" classname="sql::all" time="3.25"/>
            <testcase name="login::fails" classname="sql::all" time="0.5"/>
            <testcase name="alone" classname="calls" time="0.25"/>
        </testsuite></testsuites>"#;
        let times = times(&Document::parse(xml).unwrap());
        let times: Vec<_> = times
            .iter()
            .map(|(sum, of, name)| (*sum, *of, &**name))
            .collect();
        assert_eq!(
            times,
            [
                (3.25, 1, "sql::all pool"),
                (2.0, 2, "sql::all login"),
                (0.25, 1, "calls")
            ]
        );
    }
}
