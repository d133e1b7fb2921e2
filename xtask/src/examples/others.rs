//! Examples that print or serve: each says what it should, and ends.

use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::process;
use crate::workspace::Workspace;

/// The schema for Snowflake prints without an account, with the names that are given.
pub(super) fn snowflake_setup(workspace: &Workspace) -> anyhow::Result<()> {
    let search_service = "CREATE CORTEX SEARCH SERVICE";
    let cases: [(&[&str], &str); 5] = [
        (&["setup"], "\"SALES_WH\""),
        (
            &["migrations"],
            "CREATE OR REPLACE PROCEDURE GONG_TRANSFORM",
        ),
        (&["grants"], "GRANT SELECT ON VIEW"),
        (&["optional", "--search-service"], search_service),
        (&["down"], "DROP TASK IF EXISTS"),
    ];
    for (what, expected) in cases {
        let printed = print(workspace, what)?;
        ensure!(
            printed.contains(expected),
            "print {what:?} shows no {expected}"
        );
    }
    let unasked = print(workspace, &["optional"])?;
    ensure!(
        unasked.contains("CREATE TASK IF NOT EXISTS"),
        "print optional shows no task"
    );
    ensure!(
        !unasked.contains(search_service),
        "a service that is billed while it exists is printed unasked"
    );
    Ok(())
}

/// What `snowflake_setup print` prints with a warehouse's name.
fn print(workspace: &Workspace, what: &[&str]) -> anyhow::Result<String> {
    let mut arguments = vec!["print"];
    arguments.extend(what);
    arguments.extend(["--warehouse", "sales_wh"]);
    process::output(&mut super::example(
        workspace,
        "snowflake_setup",
        &arguments,
    ))
}

/// The simulated HubSpot starts, says where it is, and ends with its stdin.
pub(super) fn hubspot_simulator(workspace: &Workspace) -> anyhow::Result<()> {
    let mut command: Command =
        super::example(workspace, "hubspot_simulator", &["--synthetic", "7"]);
    let (mut child, first_line) = process::start(&mut command)?;
    drop(child.stdin.take());
    let ended = child.wait()?;
    let ready: Value =
        serde_json::from_str(&first_line).with_context(|| format!("simulator: {first_line}"))?;
    let url = ready["base_url"].as_str().context("no base_url")?;
    ensure!(
        url.starts_with("http://127.0.0.1:"),
        "{url} is not loopback"
    );
    ensure!(ended.success(), "the simulator ended with {ended}");
    Ok(())
}

/// The agents within another program answer from the store that the quickstart made.
pub(super) fn embedding(workspace: &Workspace) -> anyhow::Result<()> {
    let store = "target/quickstart/calls.db";
    let printed = process::output(&mut super::example(workspace, "embedding", &[store]))?;
    println!("{printed}");
    ensure!(
        printed.contains("by \"sqlite\", degraded: []"),
        "the embedded agents did not answer from the store"
    );
    Ok(())
}

/// A store that dies while tasks run costs no answer, and is asked again when it is back.
pub(super) fn hybrid_rollout(workspace: &Workspace) -> anyhow::Result<()> {
    let printed = process::output(&mut super::example(workspace, "hybrid_rollout", &[]))?;
    println!("{printed}");
    let last = printed.lines().last().context("nothing was printed")?;
    let seen: Value = serde_json::from_str(last)?;
    for phase in ["killed", "hanging", "recovered"] {
        let (tasks, answered) = (&seen[phase]["tasks"], &seen[phase]["answered"]);
        ensure!(tasks == answered, "{phase}: {answered} of {tasks} tasks");
    }
    ensure!(
        seen["breaker_when_dead"] == "open",
        "the breaker stayed closed"
    );
    ensure!(
        seen["recovered"]["by"]["new"] == seen["recovered"]["tasks"],
        "the new store was not found again"
    );
    Ok(())
}
