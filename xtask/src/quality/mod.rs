//! `cargo xtask quality`: how good the local language backend is, in figures.
//!
//! The figures come from the `quality` example of `cortex`, run on the data sets
//! beside the repository, and from Python's `vaderSentiment` in the same run. Without
//! the data nothing is measured, without Python the comparison is left out; both say
//! so.

mod ask;
mod figures;
mod score_parts;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use self::figures::Figure;
use crate::workspace::Workspace;
use crate::{process, python};

/// How many times as fast as Python sentiment has to be.
const FASTER_THAN_PYTHON: f64 = 5.0;

/// Measures, prints a table, and puts it into docs/quality.md if so wanted.
///
/// # Errors
/// A figure that misses its aim on what nothing was tuned on.
pub(crate) fn run(workspace: &Workspace, write: bool) -> anyhow::Result<()> {
    let data = workspace.root.join("../shared/data");
    if !data.exists() {
        eprintln!("skipped: {} is absent", data.display());
        return Ok(());
    }
    let mut figures = measured(workspace, &data)?;
    match reading_folds(workspace, &data) {
        Ok(folds) => {
            figures.extend(ask::figures(workspace, &data, &folds)?);
            figures.extend(score_parts::figures(workspace, &data, &folds)?);
        }
        Err(error) => eprintln!("skipped: questions about calls and scores: {error:#}"),
    }
    match python_speed(workspace, &data) {
        Ok(speed) => figures.extend(beside_python(&figures, speed)),
        Err(error) => eprintln!("skipped: speed compared with vaderSentiment: {error:#}"),
    }
    let table = table::markdown(&figures);
    println!("{table}");
    if write {
        let page = workspace.root.join("docs/quality.md");
        let text = fs::read_to_string(&page).with_context(|| page.display().to_string())?;
        let updated = table::replaced(&text, &table).context("docs/quality.md has no markers")?;
        fs::write(&page, updated).with_context(|| page.display().to_string())?;
    }
    let missed: Vec<&str> = figures
        .iter()
        .filter(|figure| figure.misses_its_aim())
        .map(|figure| figure.name.as_str())
        .collect();
    if !missed.is_empty() {
        bail!("below the aim: {}", missed.join("; "));
    }
    Ok(())
}

fn measured(workspace: &Workspace, data: &Path) -> anyhow::Result<Vec<Figure>> {
    let mut build = workspace.cargo(["build", "--release", "--package", "gong-snowflake-cortex"]);
    process::run(build.args(["--example", "quality"]))?;
    let name = format!("quality{}", std::env::consts::EXE_SUFFIX);
    let program = workspace.target.join("release").join("examples").join(name);
    let mut measure = on_one_core(&program);
    measure.arg(data);
    match reading_folds(workspace, data) {
        Ok(folds) => {
            measure.arg(folds);
        }
        Err(error) => eprintln!("skipped: readings of calls: {error:#}"),
    }
    let lines = process::output(&mut measure)?;
    lines
        .lines()
        .map(|line| serde_json::from_str(line).context("the example printed something unexpected"))
        .collect()
}

/// Models of the local reader, each learned without the dialogues that it is tried on.
/// Made once, in a quarter of an hour on two cores; whoever changes `training` removes the
/// folder.
fn reading_folds(workspace: &Workspace, data: &Path) -> anyhow::Result<PathBuf> {
    let folds = workspace.target.join("reading-folds");
    if folds.join("choices-6.bin").exists() {
        return Ok(folds);
    }
    let pins = "xtask/python/requirements-reading.txt";
    let python = python::environment(workspace, "reading", pins)?;
    let dialogues = data.join("dialogues");
    // The scripts also write the model of all dialogues; what is shipped stays.
    for (script, whole) in [
        ("train.py", "whole.bin"),
        ("choices.py", "whole-choices.bin"),
    ] {
        let script = workspace
            .root
            .join("crates/cortex/training/reading")
            .join(script);
        let mut learn = Command::new(&python);
        learn
            .arg(script)
            .arg(&dialogues)
            .arg(folds.join(whole))
            .arg("--folds")
            .arg(&folds);
        process::run(&mut learn)?;
    }
    Ok(folds)
}

/// Sentences that Python's `vaderSentiment` scores in a second.
fn python_speed(workspace: &Workspace, data: &Path) -> anyhow::Result<f64> {
    let python = python::environment(workspace, "vader", "xtask/python/requirements-vader.txt")?;
    let mut command = on_one_core(&python);
    command
        .arg(workspace.root.join("xtask/python/vader_speed.py"))
        .arg(data);
    let printed = process::output(&mut command)?;
    printed.trim().parse().context("no number was printed")
}

/// The program on the first core only, where the system can be told so.
fn on_one_core(program: &Path) -> Command {
    let can_pin = Command::new("taskset").arg("-V").output().is_ok();
    if !can_pin {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0"]).arg(program);
    command
}

fn beside_python(figures: &[Figure], python: f64) -> Vec<Figure> {
    let Some(ours) = figures.iter().find(|figure| figure.unit == "sentences/s") else {
        return Vec::new();
    };
    vec![
        Figure {
            name: "sentiment: speed of Python's vaderSentiment 3.3.2 on the same core".into(),
            value: python,
            ..ours.clone()
        },
        Figure {
            name: "sentiment: times as fast as Python".into(),
            value: ours.value / python,
            digits: 1,
            unit: String::new(),
            at_least: Some(FASTER_THAN_PYTHON),
            ..ours.clone()
        },
    ]
}
