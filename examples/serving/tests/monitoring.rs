//! docs/monitoring and docs/runbook.md say what the code measures, alerts on and fails with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use gong_snowflake::resilience::meter::table;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The table of meters, as the docs have it.
fn meters() -> String {
    let mut text = "| name | kind | unit | labels | meaning |\n|---|---|---|---|---|\n".to_owned();
    for meter in table::ALL {
        let labels: Vec<String> = meter
            .labels
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        text.push_str(&format!(
            "| `{}` | {} | {} | {} | {} |\n",
            meter.name,
            meter.kind.as_str(),
            meter.unit,
            labels.join(", "),
            meter.meaning,
        ));
    }
    text
}

#[test]
fn the_table_of_meters_is_that_of_the_code() {
    let docs = read("docs/monitoring/README.md");
    assert!(
        docs.contains(&meters()),
        "the table has to be:\n{}",
        meters()
    );
}

/// Every name of a meter in a text, without what Prometheus adds to histograms.
fn named(text: &str) -> BTreeSet<String> {
    let is_part =
        |letter: char| letter.is_ascii_lowercase() || letter == '_' || letter.is_ascii_digit();
    let words = text.split(|letter: char| !is_part(letter));
    let names = words.filter(|word| word.starts_with("gong_snowflake_"));
    let base = |name: &str| {
        let histogram = ["_bucket", "_sum", "_count"];
        let cut = histogram.iter().find_map(|end| name.strip_suffix(end));
        cut.unwrap_or(name).to_owned()
    };
    names.map(base).collect()
}

#[test]
fn rules_dashboard_and_runbook_name_meters_that_exist() {
    let known: BTreeSet<String> = table::ALL.iter().map(|one| one.name.to_owned()).collect();
    for path in [
        "docs/monitoring/rules.yml",
        "docs/monitoring/rules_test.yml",
        "docs/monitoring/dashboard.json",
        "docs/monitoring/README.md",
        "docs/runbook.md",
        "docs/serving.md",
    ] {
        let unknown: Vec<String> = named(&read(path)).difference(&known).cloned().collect();
        assert!(unknown.is_empty(), "{path}: {unknown:?}");
    }
    let shown = named(&read("docs/monitoring/dashboard.json"));
    assert_eq!(shown, known, "the dashboard shows every meter");
}

fn alerts() -> Vec<String> {
    let rules = read("docs/monitoring/rules.yml");
    let names = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "));
    names.map(str::to_owned).collect()
}

/// The kinds' names, read from where they are written: a kind that is added is found.
fn kinds() -> Vec<String> {
    let source = read("crates/resilience/src/kind.rs");
    let arms = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::"));
    let names = arms.filter_map(|arm| arm.split_once("=> \"")?.1.split('"').next());
    names.map(str::to_owned).collect()
}

#[test]
fn the_runbook_has_a_whole_entry_for_each_alert_and_kind_of_error() {
    let runbook = read("docs/runbook.md");
    let entries: Vec<&str> = runbook.split("\n### ").skip(1).collect();
    let (alerts, kinds) = (alerts(), kinds());
    assert_eq!((alerts.len(), kinds.len()), (12, 13));
    for name in alerts.iter().chain(&kinds) {
        let entry = entries
            .iter()
            .find(|entry| entry.lines().next() == Some(name));
        let entry = entry.unwrap_or_else(|| panic!("no entry for {name}"));
        let flat = entry.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in ["**Means**", "**Look at**", "**Do**", "**Lost meanwhile**"] {
            assert!(flat.contains(part), "{name}: {part}");
        }
    }
    assert_eq!(
        entries.len(),
        alerts.len() + kinds.len(),
        "an entry too many"
    );
}

/// The dashboard's queries as rules, so that something that knows the language reads them.
fn queries_as_rules() -> String {
    let dashboard: serde_json::Value =
        serde_json::from_str(&read("docs/monitoring/dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().unwrap());
    let rules = targets.enumerate().map(|(number, target)| {
        serde_json::json!({"record": format!("query_{number}"), "expr": target["expr"]})
    });
    let rules: Vec<_> = rules.collect();
    // What is JSON is YAML.
    serde_json::json!({"groups": [{"name": "dashboard", "rules": rules}]}).to_string()
}

#[test]
fn prometheus_takes_rules_and_queries_and_the_rules_tests_pass() {
    let promtool = std::env::var_os("GONG_SNOWFLAKE_PROMTOOL").unwrap_or("promtool".into());
    let folder = tempfile::tempdir().unwrap();
    let queries = folder.path().join("queries.yml");
    std::fs::write(&queries, queries_as_rules()).unwrap();
    for arguments in [
        &["check", "rules", "rules.yml"][..],
        &["check", "rules", queries.to_str().unwrap()],
        &["test", "rules", "rules_test.yml"],
    ] {
        let folder = root().join("docs/monitoring");
        let output = Command::new(&promtool)
            .args(arguments)
            .current_dir(folder)
            .output();
        let Ok(output) = output else {
            eprintln!("skipped: promtool is not on the path");
            return;
        };
        let said = String::from_utf8_lossy(&output.stdout);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}{told}");
    }
}
