//! What insights take from a reading and from what was extracted beside it.

use std::collections::HashSet;

use calls::reading::Part;
use calls::reading::{Handling, Reading};
use cortex::FindingKind;
use snowflake_store::CitedItem;

/// Key topics kept.
const TOPICS: usize = 8;

/// Topics, then keywords, each once whatever its case.
pub(super) fn key_topics(found: &[cortex::Finding]) -> Vec<String> {
    let mut seen = HashSet::new();
    [FindingKind::Topic, FindingKind::Keyword]
        .into_iter()
        .flat_map(|kind| surest_first(found, kind))
        .map(|finding| finding.phrase.trim())
        .filter(|phrase| !phrase.is_empty() && seen.insert(phrase.to_lowercase()))
        .take(TOPICS)
        .map(str::to_owned)
        .collect()
}

fn surest_first(found: &[cortex::Finding], kind: FindingKind) -> Vec<&cortex::Finding> {
    let mut of_kind: Vec<&cortex::Finding> = found
        .iter()
        .filter(|finding| finding.kind == kind)
        .collect();
    of_kind.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.utterance.cmp(&b.utterance))
    });
    of_kind
}

/// What stands in the way still, for the column of risks; `None` when it was not read.
pub(super) fn risks(reading: &Reading) -> Option<Vec<CitedItem>> {
    let open = reading.pushback.iter().filter(|one| is_open(one.handling));
    let findings = open.map(|one| {
        let (text, sure) = (&one.what, one.confidence.value);
        finding(one.kind.as_str(), text, sure, &one.sentences)
    });
    reading.was_read(Part::Pushback).then(|| findings.collect())
}

/// What is to happen, for the column of next steps; `None` when it was not read.
pub(super) fn next_steps(reading: &Reading) -> Option<Vec<CitedItem>> {
    let findings = reading.next_steps.iter().map(|step| {
        let (text, sure) = (&step.what, step.confidence.value);
        finding(step.status.as_str(), text, sure, &step.sentences)
    });
    reading
        .was_read(Part::NextSteps)
        .then(|| findings.collect())
}

/// Whether pushback still stands after it was handled so.
pub(crate) fn is_open(handling: Handling) -> bool {
    !matches!(handling, Handling::Resolved | Handling::NoneNeeded)
}

fn finding(kind: &str, text: &str, score: f64, sentences: &[usize]) -> CitedItem {
    let sentences = sentences.iter().filter_map(|at| u32::try_from(*at).ok());
    CitedItem {
        kind: kind.to_owned(),
        text: text.to_owned(),
        score,
        sentences: sentences.collect(),
    }
}
