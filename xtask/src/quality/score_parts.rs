//! What each part of a call's score tells apart in labelled dialogues.

use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde::Deserialize;

use super::Figure;
use crate::process;
use crate::workspace::Workspace;

/// A line of the `separation` example of `agents`.
#[derive(Deserialize)]
struct Part {
    part: String,
    calls: usize,
    /// Absent where a part was scored on calls of one outcome only.
    deals: Option<f64>,
    skill: Option<f64>,
}

/// Of each part how often a better rep, and a deal that was won, gets more than a worse and a
/// lost one: .5 tells nothing.
pub(super) fn figures(
    workspace: &Workspace,
    data: &Path,
    readings: &Path,
) -> anyhow::Result<Vec<Figure>> {
    let mut build = workspace.cargo(["build", "--release", "--package", "gong-snowflake-agents"]);
    process::run(build.args(["--example", "separation"]))?;
    let name = format!("separation{}", std::env::consts::EXE_SUFFIX);
    let separation = workspace.target.join("release").join("examples").join(name);
    let mut measure = Command::new(separation);
    measure
        .arg("parts")
        .arg(data.join("dialogues"))
        .arg(readings);
    let mut figures = Vec::new();
    for line in process::output(&mut measure)?.lines() {
        let part: Part =
            serde_json::from_str(line).context("the example printed something else")?;
        let figure = |of: &str, value| Figure {
            name: format!("score: {}, {of}, AUC", part.part.to_lowercase()),
            value,
            digits: 2,
            unit: String::new(),
            at_least: None,
            below: None,
            items: format!("{} calls", part.calls),
            part: None,
        };
        figures.extend(part.skill.map(|auc| figure("better over worse reps", auc)));
        figures.extend(part.deals.map(|auc| figure("won over lost deals", auc)));
    }
    Ok(figures)
}
