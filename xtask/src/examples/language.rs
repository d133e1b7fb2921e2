//! The `language` example: one JSON object per line, in and out.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::process;
use crate::workspace::Workspace;

/// Tries each task of the local backend that can be told right from wrong.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    sentiment_tells_good_from_bad(workspace)?;
    a_bad_line_holds_up_no_other(workspace)?;
    embeddings_are_as_long_as_they_say(workspace)?;
    search_ranks_the_right_window_first(workspace)?;
    summaries_keep_to_their_length(workspace)
}

fn sentiment_tells_good_from_bad(workspace: &Workspace) -> anyhow::Result<()> {
    let answers = ask(
        workspace,
        "sentiment",
        &[
            json!({"id": "good", "text": "This is great, we love it!"}).to_string(),
            json!({"id": "bad", "text": "This is terrible, we hate it."}).to_string(),
        ],
    )?;
    let score = |id: &str| field(&answers, id, "score")?.as_f64().context("no number");
    ensure!(score("good")? > 0.0, "praise is not positive: {answers:?}");
    ensure!(score("bad")? < 0.0, "a curse is not negative: {answers:?}");
    Ok(())
}

fn a_bad_line_holds_up_no_other(workspace: &Workspace) -> anyhow::Result<()> {
    let answers = ask(
        workspace,
        "sentiment",
        &[
            json!({"id": "empty"}).to_string(),
            json!({"id": "fine", "text": "Fine."}).to_string(),
        ],
    )?;
    field(&answers, "empty", "error")?;
    field(&answers, "fine", "score")?;
    Ok(())
}

fn embeddings_are_as_long_as_they_say(workspace: &Workspace) -> anyhow::Result<()> {
    let line = json!({"id": "v", "text": "What does the enterprise plan cost?"}).to_string();
    let answers = ask(workspace, "embed", &[line])?;
    let dimension = field(&answers, "v", "dim")?.as_u64().context("dim")?;
    let vector = field(&answers, "v", "vector")?
        .as_array()
        .context("vector")?;
    ensure!(
        dimension > 0 && vector.len() as u64 == dimension,
        "{} numbers, dim {dimension}",
        vector.len()
    );
    Ok(())
}

fn search_ranks_the_right_window_first(workspace: &Workspace) -> anyhow::Result<()> {
    let line = json!({
        "id": "s",
        "query": "pricing of the enterprise plan",
        "windows": [
            "How was your holiday by the sea?",
            "Let me share the pricing of our enterprise plan.",
        ],
        "k": 1,
    });
    let answers = ask(workspace, "search", &[line.to_string()])?;
    let ranked = field(&answers, "s", "ranked")?;
    ensure!(*ranked == json!([1]), "ranked {ranked}");
    Ok(())
}

fn summaries_keep_to_their_length(workspace: &Workspace) -> anyhow::Result<()> {
    let line = json!({
        "id": "t",
        "turns": [
            {"speaker": "Rep", "text": "Thanks for joining. Today we look at the renewal of your contract."},
            {"speaker": "Customer", "text": "The renewal price is our main concern, the budget was cut."},
            {"speaker": "Rep", "text": "I will send a proposal with two price options by Friday."},
        ],
        "max_words": 20,
    });
    let answers = ask(workspace, "summarize", &[line.to_string()])?;
    let summary = field(&answers, "t", "summary")?
        .as_str()
        .context("summary")?;
    let words = summary.split_whitespace().count();
    ensure!((1..=20).contains(&words), "{words} words: {summary}");
    Ok(())
}

/// Sends lines and reads one object for each.
fn ask(workspace: &Workspace, task: &str, lines: &[String]) -> anyhow::Result<Vec<Value>> {
    let mut command = super::example(workspace, "language", &[task]);
    let output = process::feed(&mut command, &format!("{}\n", lines.join("\n")))?;
    let answers = process::text(output.stdout)?
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| line.to_owned()))
        .collect::<anyhow::Result<Vec<Value>>>()?;
    ensure!(
        answers.len() == lines.len(),
        "{} answers to {} lines",
        answers.len(),
        lines.len()
    );
    Ok(answers)
}

/// A field of the answer with this id.
fn field<'a>(answers: &'a [Value], id: &str, name: &str) -> anyhow::Result<&'a Value> {
    let answer = answers
        .iter()
        .find(|answer| answer["id"] == id)
        .with_context(|| format!("no answer has the id {id}"))?;
    answer
        .get(name)
        .with_context(|| format!("no {name} in {answer}"))
}
