//! What Gong found in a call, as a reading beside ours.
//!
//! Gong's findings are read when a call is, and never stored as a reading: they change
//! without the call, and are Gong's to keep.

use std::cmp::Reverse;
use std::collections::HashSet;

use calls::reading::{Claim, Confidence, NextStep, NotRead, Owner, Part, Reading};
use calls::{Call, Highlight, Provenance};
use snowflake_store::CallDetail;

use super::model::{CallReadingView, GongStep, SameStep, SecondOpinion, StepsCompared};
use crate::conversation::Conversation;
use crate::insights::party_id;
use crate::wording::{stems, words};

/// Gong says nothing about how sure it is.
const GONG_IS_SURE: f64 = 0.5;

/// Gong's times are rounded.
const ROUNDING_MS: f64 = 250.0;

/// Steps whose sentences are no farther apart may be the same step.
const NEAR: usize = 3;

/// Share of the telling words of the shorter one that two steps have in common when they are
/// the same step, wherever they were heard.
const SAME_WORDS: f64 = 0.5;

/// How many words those are at least.
const LEAST_SAME_WORDS: usize = 2;

/// `None` where Gong found nothing.
pub(super) fn second_opinion(
    detail: &CallDetail,
    conversation: &Conversation<'_>,
    ours: &Reading,
) -> Option<SecondOpinion> {
    let call = &detail.call;
    if call.findings.is_empty() && call.brief.is_none() && call.topics.is_empty() {
        return None;
    }
    let gongs = reading_of(call, conversation);
    let next_steps = if gongs.was_read(Part::NextSteps) {
        compared(conversation, ours, &gongs)
    } else {
        StepsCompared::default()
    };
    Some(SecondOpinion {
        reading: CallReadingView {
            reading: gongs,
            requests: 0,
            read_by: Provenance::new("gong", "findings"),
            ai_enhanced: true,
        },
        next_steps,
        topics: call.topics.clone(),
        findings: call.findings.clone(),
    })
}

fn reading_of(call: &Call, conversation: &Conversation<'_>) -> Reading {
    let mut reading = Reading::default();
    let mut unread: Vec<Part> = Part::ALL.into();
    if let Some(steps) = call.findings.next_steps() {
        unread.retain(|part| *part != Part::NextSteps);
        let steps = steps.map(|highlight| next_step(call, conversation, highlight));
        reading.next_steps = steps.collect();
    }
    let points = &call.findings.key_points;
    if call.brief.is_some() || !points.is_empty() {
        unread.retain(|part| *part != Part::Summary);
        reading.summary = call.brief.clone().unwrap_or_default();
        let points = points.iter();
        reading.summary_claims = points.map(|text| Claim::new(text, Vec::new())).collect();
    }
    let failed = unread.into_iter().map(|part| {
        let why = match part {
            Part::NextSteps | Part::Summary => "Gong sent none for this call",
            _ => "Gong does not report it",
        };
        NotRead::new(part, why, false)
    });
    reading.failed = failed.collect();
    reading
}

fn next_step(call: &Call, conversation: &Conversation<'_>, highlight: &Highlight) -> NextStep {
    let times = highlight.start_seconds.iter();
    let mut sentences: Vec<usize> = times
        .filter_map(|seconds| heard_at(conversation, *seconds))
        .collect();
    sentences.sort_unstable();
    sentences.dedup();
    let confidence = Confidence::claimed(GONG_IS_SURE);
    let mut step = NextStep::new(&highlight.text, sentences, confidence);
    step.owner = owner(call, &highlight.text);
    step
}

/// The sentence that is being said at a time: the last one that has begun.
fn heard_at(conversation: &Conversation<'_>, seconds: f64) -> Option<usize> {
    let until_ms = seconds * 1_000.0 + ROUNDING_MS;
    #[allow(clippy::cast_precision_loss)] // milliseconds of a call
    let begun = conversation
        .sentences()
        .iter()
        .enumerate()
        .filter(|(_, sentence)| sentence.start_ms as f64 <= until_ms);
    let last = begun.max_by_key(|(at, sentence)| (sentence.start_ms, *at));
    last.map(|(at, _)| at)
}

/// Gong's steps begin with the name of who does them. `None` where no one or several have it.
fn owner(call: &Call, text: &str) -> Option<Owner> {
    let first = text.split_whitespace().next()?;
    let first = first.trim_matches(|c: char| !c.is_alphanumeric());
    let mut named = call.parties.iter().filter(|party| {
        let name = party.name.as_deref().unwrap_or_default();
        let given = name.split_whitespace().next().unwrap_or_default();
        given.chars().count() > 1 && given.eq_ignore_ascii_case(first)
    });
    let owner = named.next()?;
    named
        .next()
        .is_none()
        .then(|| party_id(owner))?
        .map(Owner::Party)
}

/// Each step goes to the one of the other side that is most like it, if one is like it at all.
fn compared(conversation: &Conversation<'_>, ours: &Reading, gongs: &Reading) -> StepsCompared {
    let matter = |step: &NextStep| matter(conversation, step);
    let our_matters: Vec<HashSet<String>> = ours.next_steps.iter().map(matter).collect();
    let gong_matters: Vec<HashSet<String>> = gongs.next_steps.iter().map(matter).collect();
    let mut pairs: Vec<(f64, SameStep)> = Vec::new();
    for (at, our) in ours.next_steps.iter().enumerate() {
        for (gong_at, gong) in gongs.next_steps.iter().enumerate() {
            let same = SameStep {
                ours: at,
                gong: gong_at,
            };
            let words = shared(our_matters.get(at), gong_matters.get(gong_at));
            let likeness = likeness(words, distance(our, gong));
            pairs.extend(likeness.map(|likeness| (likeness, same)));
        }
    }
    pairs.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    let (mut our_seen, mut gong_seen) = (HashSet::new(), HashSet::new());
    let mut both: Vec<SameStep> = pairs
        .into_iter()
        .map(|(_, same)| same)
        .filter(|same| our_seen.insert(same.ours) | gong_seen.insert(same.gong))
        .collect();
    both.sort_by_key(|same| (same.ours, same.gong));
    let only_ours = ours.next_steps.iter().enumerate();
    let only_ours = only_ours
        .filter(|(at, step)| !our_seen.contains(at) && step.confidence.is_likely())
        .map(|(at, _)| at);
    let only_gong = gongs.next_steps.iter().enumerate();
    let only_gong = only_gong
        .filter(|(at, _)| !gong_seen.contains(at))
        .map(|(gong, step)| GongStep {
            gong,
            evidence: conversation.cite_read(&step.sentences, step.sentences.len()),
        });
    StepsCompared {
        only_ours: only_ours.collect(),
        only_gong: only_gong.collect(),
        both,
    }
}

/// The telling words of a step and of the longest sentence that it was heard in.
fn matter(conversation: &Conversation<'_>, step: &NextStep) -> HashSet<String> {
    let mut matter = stems(&words(&step.what));
    let heard = step.sentences.iter();
    let heard = heard.filter_map(|at| conversation.sentences().get(*at));
    if let Some(longest) = heard.max_by_key(|one| (one.text.len(), Reverse(one.index))) {
        matter.extend(stems(&words(&longest.text)));
    }
    matter
}

/// How many words two steps have in common, and how many that is of the shorter one's.
fn shared(ours: Option<&HashSet<String>>, gongs: Option<&HashSet<String>>) -> (usize, f64) {
    let (Some(ours), Some(gongs)) = (ours, gongs) else {
        return (0, 0.0);
    };
    let shared = ours.intersection(gongs).count();
    let shorter = ours.len().min(gongs.len()).max(1);
    #[allow(clippy::cast_precision_loss)] // words of a sentence
    (shared, shared as f64 / shorter as f64)
}

/// Sentences between two steps; `None` where one was heard nowhere.
fn distance(ours: &NextStep, gongs: &NextStep) -> Option<usize> {
    let ours = ours.sentences.iter();
    let distances = ours.flat_map(|at| gongs.sentences.iter().map(|other| at.abs_diff(*other)));
    distances.min()
}

/// How alike two steps are; `None` for different ones.
fn likeness((shared, share): (usize, f64), distance: Option<usize>) -> Option<f64> {
    let is_near = distance.is_some_and(|sentences| sentences <= NEAR);
    let has_same_words = shared >= LEAST_SAME_WORDS && share >= SAME_WORDS;
    let is_same_sentence = distance == Some(0);
    let is_same = has_same_words || is_same_sentence || (is_near && shared > 0);
    is_same.then_some(share + if is_near { 1.0 } else { 0.0 })
}
