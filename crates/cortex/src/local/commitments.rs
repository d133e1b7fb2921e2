//! How sure a text is somebody's promise to do something.
//!
//! "I'll" and its like alone are a weak sign ("I'll be honest"). Phrase tables look for
//! an owner, a verb of doing, a time and a recipient, which each add, and for what only
//! sounds like a promise, which takes away. What meetings taught about the wording
//! ([`super::acts`]) stands beside that: on meetings the two together rank promises
//! better than either. The score is for ranking.

use std::ops::Range;
use std::sync::LazyLock;

use super::acts::{Evidence, probability};
use super::text::{PhraseTable, Stemmed};

static OWNERS: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::parse(include_str!("../../data/cues/owners.txt")));
static ACTIONS: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::parse(include_str!("../../data/cues/actions.txt")));
static TIMES: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::parse(include_str!("../../data/cues/timeline.txt")));
static SEEMINGS: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::parse(include_str!("../../data/cues/seeming_promises.txt")));

/// How many words after the owner the verb may stand.
const REACH: usize = 6;

/// What the phrases' sum of signs counts beside the evidence of the wording, and the
/// log-odds from which one would bet on a promise; both from the tuning part of the
/// meetings (docs/quality.md).
const PROMISE_BY_PHRASES: f64 = 6.0;
const THRESHOLD: f64 = -0.1;

/// A smaller sum of signs says nothing: "we can" and "I could" are everywhere.
const WEAKEST_SUM: f64 = 0.3;

/// What each sign adds to the phrases' sum or takes from it.
const OWNER: f64 = 0.5;
const ACTION: f64 = 0.28;
const RECIPIENT: f64 = 0.07;
const TIME: f64 = 0.15;
const SEEMING_ONLY: f64 = 0.35;
const ASKED: f64 = 0.2;

/// A promise, and the words that make it one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Promise {
    /// From 0 to 1.
    pub(super) score: f64,
    /// Positions of the words from the owner to the verb; the whole sentence when no
    /// phrase was found.
    pub(super) words: Range<usize>,
}

/// The promise of a sentence, as far as it is one; none without words.
pub(super) fn promise(
    sentence: Stemmed<'_>,
    is_question: bool,
    evidence: Option<Evidence>,
) -> Option<Promise> {
    let by_wording = evidence?.promise;
    let by_phrases = by_phrases(sentence, is_question).unwrap_or(Promise {
        score: 0.0,
        words: 0..sentence.words.len(),
    });
    let sum = if by_phrases.score < WEAKEST_SUM {
        0.0
    } else {
        by_phrases.score
    };
    let odds = by_wording + PROMISE_BY_PHRASES * sum - THRESHOLD;
    Some(Promise {
        score: probability(odds),
        ..by_phrases
    })
}

/// The best promise that the phrase tables find; its score is the sum of its signs.
fn by_phrases(sentence: Stemmed<'_>, is_question: bool) -> Option<Promise> {
    let owners = OWNERS.find(sentence);
    if owners.is_empty() {
        return None;
    }
    let has_time = !TIMES.find(sentence).is_empty();
    let seems = SEEMINGS.find(sentence);
    owners
        .into_iter()
        .map(|owner| {
            let action = (owner.words.end..sentence.stems.len().min(owner.words.end + REACH))
                .find_map(|at| ACTIONS.find_at(sentence, at));
            let has_action = action.is_some();
            let mut score = OWNER * owner.weight;
            score += action.as_ref().map_or(0.0, |action| ACTION * action.weight);
            if has_action && sentence.stems[owner.words.end..].contains(&"you") {
                score += RECIPIENT;
            }
            if has_time {
                score += TIME;
            }
            if seems
                .iter()
                .any(|seeming| seeming.words.start <= owner.words.end)
            {
                score -= SEEMING_ONLY;
            }
            if is_question {
                score -= ASKED;
            }
            let end = action.map_or(owner.words.end, |action| action.words.end);
            Promise {
                score: score.clamp(0.0, 1.0),
                words: owner.words.start..end,
            }
        })
        .max_by(|left, right| left.score.total_cmp(&right.score))
}
