//! Which of a backend's findings are stored, and in what form.

use std::collections::HashSet;

use calls::{Sentence, Transcript};
use cortex::FindingKind;
use snowflake_store::Finding;

use super::kind;

/// Key topics kept.
const TOPICS: usize = 8;

/// Findings kept of each kind, surest first.
const FINDINGS_OF_A_KIND: usize = 8;

/// Findings less sure than this are noise.
const LEAST_SURE: f64 = 0.3;

/// "I will be direct" promises nothing: what shall count as a next step has to
/// be surer, or every call would have one.
const LEAST_SURE_STEP: f64 = 0.4;
const LEAST_SURE_PROMISE: f64 = 0.5;

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

/// Findings of some kinds as the store keeps them: the surest of each kind, one
/// a sentence, surest first, ties by position.
pub(super) fn kept_findings(
    transcript: &Transcript,
    found: &[cortex::Finding],
    kinds: &[FindingKind],
) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for kind in kinds {
        let Some((_, name)) = kind::WANTED.iter().find(|(wanted, _)| wanted == kind) else {
            continue;
        };
        let mut of_kind = HashSet::new();
        let sure = surest_first(found, *kind)
            .into_iter()
            .filter(|finding| finding.score >= least_sure(*kind))
            .filter_map(|finding| {
                transcript
                    .sentences
                    .get(finding.utterance)
                    .zip(Some(finding))
            })
            .filter(|(sentence, _)| of_kind.insert(sentence.index))
            .take(FINDINGS_OF_A_KIND);
        kept.extend(sure.map(|(sentence, finding)| Finding {
            kind: (*name).to_owned(),
            text: words_of(sentence, finding),
            score: finding.score.clamp(0.0, 1.0),
            sentences: vec![sentence.index],
        }));
    }
    kept.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.sentences.cmp(&b.sentences))
    });
    // A sentence that promises and agrees at once is one next step.
    let is_one_thing = kinds.contains(&FindingKind::Commitment);
    let mut taken = HashSet::new();
    kept.retain(|finding| !is_one_thing || taken.insert(finding.sentences.clone()));
    kept
}

fn least_sure(kind: FindingKind) -> f64 {
    match kind {
        FindingKind::NextStep => LEAST_SURE_STEP,
        FindingKind::Commitment => LEAST_SURE_PROMISE,
        _ => LEAST_SURE,
    }
}

/// A competitor is best shown by name, everything else by the whole sentence.
fn words_of(sentence: &Sentence, finding: &cortex::Finding) -> String {
    if finding.kind == FindingKind::CompetitorMention && !finding.phrase.trim().is_empty() {
        finding.phrase.trim().to_owned()
    } else {
        sentence.text.trim().to_owned()
    }
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
