//! Summaries: how many words they share with people's.

use cortex::LocalLanguage;
use cortex::jsonl::{Task, answer_lines};
use serde_json::{Value, json};

use crate::Result;
use crate::data::{Meeting, Part};
use crate::figure::{Aim, Figure};
use crate::statistics::{mean, rouge_1};

const MAX_WORDS: usize = 150;

/// Through lines of JSON, as the `language` example takes and gives them.
pub(crate) async fn likeness(meetings: &[Meeting], part: Part) -> Result<Vec<Figure>> {
    let lines: Vec<String> = meetings.iter().map(line).collect();
    let answers = answer_lines(&LocalLanguage::new(), Task::Summarize, &lines).await;
    let mut scores = Vec::with_capacity(meetings.len());
    for (meeting, answer) in meetings.iter().zip(answers) {
        let answer: Value = serde_json::from_str(&answer)?;
        let summary = answer["summary"].as_str();
        let summary = summary.ok_or_else(|| format!("{}: {answer}", meeting.id))?;
        if summary.split_whitespace().count() > MAX_WORDS {
            return Err(format!("the summary of {} is too long", meeting.id).into());
        }
        let human = meeting
            .summaries
            .first()
            .ok_or("a meeting without a summary")?;
        scores.push(rouge_1(summary, &human.answer));
    }
    Ok(vec![Figure {
        name: "summaries: QMSum whole meetings, 150 words, ROUGE-1",
        value: mean(&scores) * 100.0,
        digits: 1,
        unit: "",
        aim: Aim::AtLeast(27.0),
        items: format!("{} meetings", scores.len()),
        part: Some(part),
    }])
}

fn line(meeting: &Meeting) -> String {
    let turns: Vec<Value> = meeting
        .turns
        .iter()
        .map(|turn| json!({ "speaker": turn.speaker, "text": turn.content }))
        .collect();
    json!({ "turns": turns, "max_words": MAX_WORDS }).to_string()
}
