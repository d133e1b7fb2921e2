//! What a listener says without taking the floor.
//!
//! A *run* is one voice's sentences that follow each other in time order with
//! nobody else's between them. While somebody holds the floor, a run of another
//! voice is a **backchannel** when
//!
//! 1. its speech (the union of its sentences) lasts more than 0 and less than
//!    [`SHORTEST_TURN_MS`] milliseconds, whatever is said; or
//! 2. it consists only of [acknowledgements](ACKNOWLEDGEMENTS), however long
//!    (`Yeah. Mm-hmm. Right, okay.`).
//!
//! A run without a measured length is judged by rule 2 alone, so a transcript
//! without times still has turns. Rule 1 is free of language; the list of rule 2
//! is English.
//!
//! Known consequences: a short answer (`No.`) to the holder's question is a
//! backchannel, and an exchange of nothing but sub-second runs belongs to
//! whoever spoke before it. Both are the price of a rule that can be stated.

use super::coverage::Coverage;
use super::lexicon::Lexicon;
use super::timeline::Spoken;

/// Speech shorter than this does not take the floor from somebody else.
pub const SHORTEST_TURN_MS: i64 = 1_000;

/// Single words that acknowledge and say nothing of their own.
pub const ACKNOWLEDGEMENTS: &[&str] = &[
    "absolutely",
    "ah",
    "aha",
    "alright",
    "cool",
    "exactly",
    "gotcha",
    "great",
    "hm",
    "hmm",
    "huh",
    "mhm",
    "mm",
    "mm-hm",
    "mm-hmm",
    "mmhmm",
    "mmm",
    "nice",
    "oh",
    "ok",
    "okay",
    "right",
    "sure",
    "uh-huh",
    "um-hmm",
    "wow",
    "yeah",
    "yep",
    "yes",
    "yup",
];

/// Phrases that acknowledge and say nothing of their own.
pub const ACKNOWLEDGEMENT_PHRASES: &[&[&str]] = &[
    &["all", "right"],
    &["fair", "enough"],
    &["got", "it"],
    &["i", "see"],
    &["makes", "sense"],
    &["of", "course"],
    &["sounds", "good"],
    &["that", "makes", "sense"],
];

const LEXICON: Lexicon = Lexicon::new(ACKNOWLEDGEMENTS, ACKNOWLEDGEMENT_PHRASES);

/// Whether `text` has words and consists of acknowledgements only, in any case
/// and punctuation.
///
/// ```
/// use calls::analytics::backchannel::is_acknowledgement;
///
/// assert!(is_acknowledgement("Yeah, yeah. Makes sense!"));
/// assert!(!is_acknowledgement("Yeah, but the price."));
/// ```
pub fn is_acknowledgement(text: &str) -> bool {
    LEXICON.covers(text)
}

/// Whether a run would be a backchannel of somebody else's turn.
pub(super) fn is_backchannel(run: &[Spoken<'_>]) -> bool {
    let mut speech = Coverage::default();
    for spoken in run {
        speech.add(spoken.start_ms, spoken.end_ms);
    }
    (1..SHORTEST_TURN_MS).contains(&speech.milliseconds())
        || run
            .iter()
            .all(|spoken| is_acknowledgement(&spoken.sentence.text))
}
