//! Search: whether windows of six turns that answer a question are found.

use std::ops::Range;

use cortex::search::SearchIndex;

use crate::Result;
use crate::data::{Meeting, Part, Question};
use crate::figure::{Aim, Figure};
use crate::statistics::{mean, ndcg};

/// Turns of a window, and how far on the next one begins.
const WINDOW: usize = 6;
const STRIDE: usize = 3;

pub(crate) fn found(meetings: &[Meeting], part: Part) -> Result<Vec<Figure>> {
    let (mut gains, mut hits) = (Vec::new(), Vec::new());
    for meeting in meetings {
        let spans = spans(meeting.turns.len());
        let windows: Vec<String> = spans.iter().map(|span| text(meeting, span)).collect();
        let index = SearchIndex::over(&windows);
        for question in &meeting.questions {
            let relevant = relevant(question, &spans)?;
            if !relevant.contains(&true) {
                continue;
            }
            let ranked: Vec<bool> = index
                .search(&question.query, windows.len())
                .iter()
                .map(|hit| relevant[hit.passage])
                .collect();
            gains.push(ndcg(&ranked, 10));
            hits.push(f64::from(u8::from(ranked.iter().take(5).any(|is| *is))));
        }
    }
    let figure = |name, values: &[f64], aim| Figure {
        name,
        value: mean(values),
        digits: 3,
        unit: "",
        aim: Aim::AtLeast(aim),
        items: format!("{} questions", values.len()),
        part: Some(part),
    };
    Ok(vec![
        figure("search: QMSum windows of 6 turns, Hit@5", &hits, 0.75),
        figure("search: QMSum windows of 6 turns, nDCG@10", &gains, 0.42),
    ])
}

fn spans(turns: usize) -> Vec<Range<usize>> {
    (0..turns.saturating_sub(STRIDE).max(1))
        .step_by(STRIDE)
        .map(|start| start..(start + WINDOW).min(turns))
        .collect()
}

fn text(meeting: &Meeting, span: &Range<usize>) -> String {
    let turns = meeting.turns[span.clone()].iter();
    let lines: Vec<String> = turns
        .map(|turn| format!("{}: {}", turn.speaker, turn.content))
        .collect();
    lines.join("\n")
}

/// For each window, whether at least half of its turns answer the question.
fn relevant(question: &Question, spans: &[Range<usize>]) -> Result<Vec<bool>> {
    let mut passages = Vec::new();
    for (first, last) in &question.passages {
        passages.push(first.parse::<usize>()?..=last.parse::<usize>()?);
    }
    let answers = |turn: &usize| passages.iter().any(|passage| passage.contains(turn));
    Ok(spans
        .iter()
        .map(|span| 2 * span.clone().filter(answers).count() >= span.len())
        .collect())
}
