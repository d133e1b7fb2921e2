//! How often questions about labelled dialogues are answered from the right sentence.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde::Deserialize;

use super::Figure;
use crate::workspace::Workspace;
use crate::{process, python};

/// What the `asking` example of `cortex` counts.
#[derive(Deserialize)]
struct Shares {
    answerable: usize,
    cited: usize,
    unanswerable: usize,
    answered: usize,
}

/// The two shares, each dialogue asked with numbers that were learned without it and with
/// readings by models that were.
#[allow(clippy::cast_precision_loss)] // Hundreds.
pub(super) fn figures(
    workspace: &Workspace,
    data: &Path,
    readings: &Path,
) -> anyhow::Result<Vec<Figure>> {
    let mut build = workspace.cargo(["build", "--release", "--package", "gong-snowflake-cortex"]);
    process::run(build.args(["--example", "asking"]))?;
    let name = format!("asking{}", std::env::consts::EXE_SUFFIX);
    let asking = workspace.target.join("release").join("examples").join(name);
    let dialogues = data.join("dialogues");
    let numbers = numbers(workspace, &asking, &dialogues, readings)?;
    let mut score = Command::new(&asking);
    score
        .arg("score")
        .arg(&dialogues)
        .arg(readings)
        .arg(numbers);
    let shares: Shares = serde_json::from_str(process::output(&mut score)?.trim())
        .context("the example printed something else")?;
    let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
    let figure = |name: &str, value, of: usize| Figure {
        name: name.to_owned(),
        value,
        digits: 0,
        unit: "%".to_owned(),
        at_least: None,
        below: None,
        items: format!("{of} questions"),
        part: None,
    };
    Ok(vec![
        Figure {
            at_least: Some(50.0),
            ..figure(
                "ask: answerable questions with a right sentence among five",
                share(shares.cited, shares.answerable),
                shares.answerable,
            )
        },
        Figure {
            below: Some(20.05),
            ..figure(
                "ask: unanswerable questions that get an answer",
                share(shares.answered, shares.unanswerable),
                shares.unanswerable,
            )
        },
    ])
}

/// Made once; whoever changes `cortex::answering` or its training removes the folder.
fn numbers(
    workspace: &Workspace,
    asking: &Path,
    dialogues: &Path,
    readings: &Path,
) -> anyhow::Result<PathBuf> {
    let folds = workspace.target.join("asking-folds");
    if folds.join("fold-6.tsv").exists() {
        return Ok(folds);
    }
    let pins = "xtask/python/requirements-reading.txt";
    let mut learn = Command::new(python::environment(workspace, "reading", pins)?);
    learn
        .arg(
            workspace
                .root
                .join("crates/cortex/training/asking/train.py"),
        )
        .arg(asking)
        .arg(dialogues)
        .arg(readings)
        // The numbers of all dialogues; those that are shipped stay.
        .arg(folds.join("whole.tsv"))
        .arg("--folds")
        .arg(&folds);
    process::run(&mut learn)?;
    Ok(folds)
}
