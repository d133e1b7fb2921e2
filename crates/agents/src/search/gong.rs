//! Calls that are found by what Gong wrote about them.

use snowflake_store::{CallDetail, FindingHit};

use super::found::{Found, Passage, Why, by_rank};
use super::relevance::QueryWords;
use crate::Citations;

/// Sentences that are shown of what Gong wrote a line about.
const SENTENCES_OF_A_LINE: usize = 3;

/// Adds what Gong's words have found. The scores stay between 0 and 1.
pub(super) fn add_findings(found: &mut Vec<Found>, by_gong: Vec<FindingHit>, words: &QueryWords) {
    let lines = by_gong.into_iter().filter_map(|hit| {
        if !words.are_enough(&words.found_in(&hit.text)) {
            return None;
        }
        let lines = hit.text.lines().map(|line| (line, words.found_in(line)));
        // Of lines that hold as many words, the first.
        let best = lines.rev().max_by_key(|(_, words)| words.len());
        let (line, words) = best?;
        Some((hit.call_id, line.to_owned(), words))
    });
    for (rank, (call_id, line, words)) in lines.enumerate() {
        let points = by_rank(rank) / 2.0;
        let gong = Some((line, words));
        match found.iter_mut().find(|call| call.call_id == call_id) {
            Some(call) => {
                call.score += points * (1.0 - call.score);
                call.gong = gong;
            }
            None => found.push(Found {
                call_id,
                score: points,
                chunks: Vec::new(),
                gong,
            }),
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
}

/// Where a call speaks of what Gong wrote: at Gong's time, else in the sentence that has most
/// of the words.
pub(super) fn passage_of_line(
    detail: &CallDetail,
    line: &str,
    score: f64,
    words: &[String],
) -> Option<Passage> {
    let transcript = detail.transcript.as_ref()?;
    let findings = &detail.call.findings;
    let sentences = &transcript.sentences;
    let heard = findings.heard_at(line).and_then(|seconds| {
        let begun = |ms: i64| ms as f64 <= seconds * 1_000.0 + 250.0;
        sentences.iter().rposition(|one| begun(one.start_ms))
    });
    let query = QueryWords::of(&words.join(" "));
    let likest = || {
        let held = sentences.iter().enumerate();
        let held = held.map(|(at, one)| (query.found_in(&one.text).len(), at));
        let best = held.rev().max_by_key(|(count, _)| *count);
        best.filter(|(count, _)| *count > 0).map(|(_, at)| at)
    };
    let at = heard.or_else(likest)?;
    let citations = Citations::new(&detail.call, transcript);
    let near = (at..at + SENTENCES_OF_A_LINE).filter_map(|at| u32::try_from(at).ok());
    let evidence = citations.cite_all(near);
    (!evidence.is_empty()).then(|| Passage {
        score,
        why: Why {
            words: words.to_vec(),
            ..Why::default()
        },
        evidence,
    })
}
