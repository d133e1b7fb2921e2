//! Follows trackers through a call.

use calls::{Call, Sentence, Transcript};

use super::keywords::Keywords;
use super::{
    KeywordTracker, Occurrence, PhraseFindings, SaidAt, SaidAtUnit, TrackedAffiliation,
    TrackerFindings,
};
use crate::local::{acts, questions};
use crate::{Finding, Outcome};

/// What each tracker found in a call, in the order of the trackers.
///
/// Where Gong's documents leave a rule open, this one holds: a sentence is in the
/// part of the call in which it starts, and it is a question when the local backend
/// would bet on it ([`Finding::LIKELY`]).
///
/// # Errors
/// For each tracker by itself those of [`KeywordTracker::check`].
pub fn track(
    trackers: &[KeywordTracker],
    call: &Call,
    transcript: &Transcript,
) -> Vec<Outcome<TrackerFindings>> {
    let mut in_time: Vec<&Sentence> = transcript.sentences.iter().collect();
    in_time.sort_by_key(|sentence| (sentence.start_ms, sentence.index));
    let last_end = in_time.iter().map(|sentence| sentence.end_ms).max();
    let length_ms = i64::try_from(call.duration_seconds.saturating_mul(1_000))
        .unwrap_or(i64::MAX)
        .max(last_end.unwrap_or(0));
    trackers
        .iter()
        .map(|tracker| {
            tracker.check()?;
            Ok(followed(tracker, call, &in_time, length_ms))
        })
        .collect()
}

fn followed(
    tracker: &KeywordTracker,
    call: &Call,
    in_time: &[&Sentence],
    length_ms: i64,
) -> TrackerFindings {
    let mut keywords = Keywords::of(tracker, call.language.as_deref());
    let names: Vec<&String> = tracker
        .language_keywords
        .iter()
        .flat_map(|group| &group.keywords)
        .collect();
    let mut by_phrase: Vec<Vec<Occurrence>> = vec![Vec::new(); names.len()];
    let mut occurrences = Vec::new();
    for sentence in in_time {
        if !counts(tracker, call, sentence, length_ms) {
            continue;
        }
        let said = keywords.said_in(&sentence.text);
        if said.is_empty() || (tracker.part_of_question && !is_question(&sentence.text)) {
            continue;
        }
        for position in said {
            #[allow(clippy::cast_precision_loss)] // calls are shorter than 285,000 years
            let occurrence = Occurrence {
                start_time: sentence.start_ms as f64 / 1_000.0,
                speaker_id: sentence.speaker_id.clone(),
                sentence: sentence.index,
            };
            by_phrase[position].push(occurrence.clone());
            occurrences.push(occurrence);
        }
    }
    let phrases = names
        .into_iter()
        .zip(by_phrase)
        .filter(|(_, occurrences)| !occurrences.is_empty())
        .map(|(phrase, occurrences)| PhraseFindings {
            phrase: phrase.clone(),
            count: occurrences.len(),
            occurrences,
        })
        .collect();
    TrackerFindings {
        id: tracker.tracker_id.clone(),
        name: tracker.tracker_name.clone(),
        count: occurrences.len(),
        occurrences,
        phrases,
    }
}

/// Whether a sentence's speaker, place and topic are those of the tracker.
fn counts(tracker: &KeywordTracker, call: &Call, sentence: &Sentence, length_ms: i64) -> bool {
    let is_company = call
        .affiliation_of(sentence.speaker_id.as_ref())
        .is_company();
    let is_tracked = match tracker.affiliation {
        TrackedAffiliation::Anyone => true,
        TrackedAffiliation::Company => is_company,
        TrackedAffiliation::NonCompany => !is_company,
    };
    let topics = tracker.said_in_topics.as_deref().unwrap_or_default();
    let is_on_topic = topics.is_empty()
        || sentence.topic.as_ref().is_some_and(|topic| {
            let mut topics = topics.iter();
            topics.any(|wanted| wanted.eq_ignore_ascii_case(topic))
        });
    is_tracked && is_on_topic && is_said_at(tracker, sentence.start_ms, length_ms)
}

fn is_said_at(tracker: &KeywordTracker, start_ms: i64, length_ms: i64) -> bool {
    let Some(interval) = tracker.said_at_interval.map(i64::from) else {
        return true;
    };
    let part_ms = match tracker.said_at_unit.unwrap_or(SaidAtUnit::Minutes) {
        SaidAtUnit::Minutes => interval.saturating_mul(60_000),
        SaidAtUnit::Percent => length_ms.saturating_mul(interval) / 100,
    };
    match tracker.said_at {
        SaidAt::Anytime => true,
        SaidAt::First => start_ms < part_ms,
        SaidAt::Last => start_ms >= length_ms.saturating_sub(part_ms),
    }
}

fn is_question(text: &str) -> bool {
    questions::score(text, acts::evidence(text)) >= Finding::LIKELY
}
