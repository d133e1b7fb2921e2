//! Tests under nextest, read from its JUnit report.

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
    read(&xml)?.checked(succeeded)
}

/// Where nextest writes, whatever cargo's target directory is.
fn report(workspace: &Workspace) -> PathBuf {
    let store: PathBuf = ["target", "nextest", PROFILE, "junit.xml"].iter().collect();
    workspace.root.join(store)
}

fn read(xml: &str) -> anyhow::Result<Outcome> {
    let document = Document::parse(xml).context("nextest's report is not XML")?;
    let mut outcome = Outcome::default();
    for case in document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"))
    {
        let has = |tag: &str| case.children().any(|child| child.has_tag_name(tag));
        if has("failure") || has("error") {
            outcome.failed += 1;
        } else {
            outcome.passed += 1;
        }
        outcome.skips.extend(skips(case));
    }
    Ok(outcome)
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
            read(xml).unwrap(),
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
}
