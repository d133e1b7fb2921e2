//! `cargo xtask examples`: runs what the README tells readers to run.
//!
//! The examples are used as a reader uses them, by the commands and the lines
//! of JSON that the project promises to keep, and never by their code.

mod language;
mod others;
mod pipeline;

use std::process::Command;

use anyhow::{Context, ensure};

use crate::process;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// The examples that run here, without an account.
const EXAMPLES: [&str; 9] = [
    "analyze",
    "embedding",
    "gong_simulator",
    "hubspot_simulator",
    "hybrid_rollout",
    "ingest",
    "language",
    "quickstart",
    "snowflake_setup",
];

/// Builds the examples once, then runs them.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    // No package is named, as when they are run: with other packages chosen, dependencies have
    // other features, and all would be built twice.
    let mut build = workspace.cargo(["build", "--release"]);
    build.args(EXAMPLES.iter().flat_map(|name| ["--example", name]));
    process::run(&mut build)?;
    let mut steps = Steps::default();
    steps.run("quickstart", || quickstart(workspace));
    steps.run("language", || language::check(workspace));
    steps.run("ingest and analyze", || pipeline::check(workspace));
    steps.run("embedding", || others::embedding(workspace));
    steps.run("hybrid_rollout", || others::hybrid_rollout(workspace));
    steps.run("snowflake_setup", || others::snowflake_setup(workspace));
    steps.run("hubspot_simulator", || others::hubspot_simulator(workspace));
    steps.finish()
}

/// `cargo run --release --example <name> -- <arguments>`.
fn example(workspace: &Workspace, name: &str, arguments: &[&str]) -> Command {
    let mut command = workspace.cargo(["run", "--quiet", "--release", "--example", name, "--"]);
    command.args(arguments);
    command
}

/// The quickstart succeeds, shows the call's deal, and names a report that is a page with
/// charts and the deal.
fn quickstart(workspace: &Workspace) -> anyhow::Result<()> {
    let printed = process::output(&mut example(workspace, "quickstart", &[]))?;
    println!("{printed}");
    let named = printed
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'', '`', '(', ')', ',']))
        .find(|word| word.ends_with(".html"))
        .context("the quickstart names no HTML report")?;
    let page =
        std::fs::read_to_string(workspace.root.join(named)).with_context(|| named.to_owned())?;
    ensure!(page.contains("<svg"), "{named} has no chart");
    ensure!(
        printed.lines().any(shows_a_deal),
        "the quickstart's analysis shows no deal with stage, amount and outcome"
    );
    for term in ["Deal", "Stage", "Amount", "Outcome"] {
        let shown = format!("<dt>{term}</dt><dd>");
        ensure!(page.contains(&shown), "{named} has no {term} of a deal");
    }
    ensure!(
        !page.contains("src=\"http") && !page.contains("@import"),
        "{named} loads something from elsewhere"
    );
    Ok(())
}

/// A deal with all that enrichment has to bring: its name, the label of its stage, an amount
/// and an outcome.
fn shows_a_deal(line: &str) -> bool {
    let Some(shown) = line.trim().strip_prefix("deal: ") else {
        return false;
    };
    let parts: Vec<&str> = shown.split(" | ").collect();
    let [name, stage, amount, outcome] = parts.as_slice() else {
        return false;
    };
    let is_known = |part: &str| !part.is_empty() && part != "?";
    is_known(name)
        && stage.strip_prefix("stage ").is_some_and(is_known)
        && amount.starts_with("amount ")
        && amount.chars().any(|symbol| symbol.is_ascii_digit())
        && ["won", "lost", "open"].contains(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deal_is_shown_with_all_its_parts() {
        let whole = "   deal: Buyer: yearly plan | stage Contract sent | amount 48000 EUR | won";
        assert!(shows_a_deal(whole));
        for lacking in [
            "   deal: ? | stage Contract sent | amount 48000 EUR | won",
            "   deal: Buyer | stage ? | amount 48000 EUR | won",
            "   deal: Buyer | stage Contract sent | amount ? | won",
            "   deal: Buyer | stage Contract sent | amount 48000 EUR | outcome unknown",
            "   score 48 of 100",
        ] {
            assert!(!shows_a_deal(lacking), "{lacking}");
        }
    }
}
