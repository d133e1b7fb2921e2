//! Holds what was measured against the rules that are shipped, by Prometheus' own tool.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use crate::ninety_days::script::{Expected, expectations};
use crate::ninety_days::world::World;

/// Stands for a series that has no value at a time.
const NONE: &str = "_";

/// Fails when an alert fired that should not have, or did not when it should.
pub(crate) async fn check(world: &World, days: u64) {
    let promtool = std::env::var_os("GONG_SNOWFLAKE_PROMTOOL").unwrap_or("promtool".into());
    if Command::new(&promtool).arg("--version").output().is_err() {
        eprintln!("skipped: promtool is not on the path, so alerts are not checked");
        return;
    }
    let rules = rules();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yml"), &rules).unwrap();
    let test = test(world, &rules, days).await;
    std::fs::write(folder.path().join("test.yml"), test).unwrap();
    let mut command = Command::new(&promtool);
    command.args(["test", "rules", "test.yml"]);
    let output = command.current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let told = String::from_utf8_lossy(&output.stderr);
    let short: String = said.chars().chain(told.chars()).take(20_000).collect();
    assert!(output.status.success(), "{short}");
}

/// The rules without their annotations, whose texts have values in them.
fn rules() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/monitoring/rules.yml");
    let rules = std::fs::read_to_string(path).unwrap();
    let is_text = |line: &&str| {
        let line = line.trim_start();
        !line.starts_with("annotations:") && !line.starts_with("summary:")
    };
    let lines: Vec<&str> = rules.lines().filter(is_text).collect();
    lines.join("\n")
}

fn names(rules: &str) -> BTreeSet<&str> {
    let lines = rules.lines();
    lines
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect()
}

/// The names of series that rules read.
fn is_read(rules: &str, series: &str) -> bool {
    let name = series.split('{').next().unwrap();
    rules.contains(name)
}

/// What was measured as input, and for each alert and look whether it fires.
async fn test(world: &World, rules: &str, days: u64) -> String {
    let mut test = "rule_files: [rules.yml]\nevaluation_interval: 1h\ntests:\n\
        - interval: 1h\n  input_series:\n"
        .to_owned();
    for (series, values) in world.series().await {
        if !is_read(rules, &series) {
            continue;
        }
        let is_time = series.contains("timestamp_seconds");
        // Prometheus' tests begin in 1970.
        let shift = if is_time { world.began() } else { 0.0 };
        let values: Vec<String> = values
            .iter()
            .map(|value| value.map_or(NONE.to_owned(), |value| (value - shift).to_string()))
            .collect();
        writeln!(
            test,
            "  - series: '{series}'\n    values: '{}'",
            values.join(" ")
        )
        .unwrap();
    }
    test.push_str("  alert_rule_test:\n");
    let expectations = expectations();
    for alert in names(rules) {
        for look in 1..days * 24 {
            let hours = look as f64;
            let of_alert = expectations.iter().filter(|one| one.alert == alert);
            let near: Vec<&Expected> = of_alert
                .filter(|one| {
                    within(one.may, hours) || one.must.is_some_and(|must| within(must, hours))
                })
                .collect();
            let fires = near
                .iter()
                .filter(|one| one.must.is_some_and(|must| within(must, hours)));
            let fires: Vec<&&Expected> = fires.collect();
            if near.len() > fires.len() {
                // It may fire, and need not.
                continue;
            }
            writeln!(test, "  - eval_time: {look}h\n    alertname: {alert}").unwrap();
            if !fires.is_empty() {
                test.push_str("    exp_alerts:\n");
            }
            for one in fires {
                writeln!(test, "    - exp_labels: {{{}}}", one.labels).unwrap();
            }
        }
    }
    test
}

fn within((from, to): (f64, f64), hours: f64) -> bool {
    hours >= from && hours <= to
}
