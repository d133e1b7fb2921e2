//! Answers in the words of the calls.

use std::fmt::Write;

use calls::Affiliation;
use cortex::answering::Found;
use jiff::tz::TimeZone;

use super::asked_call::AskedCall;
use super::model::{AnswerSource, AskedAnswer, MOST_EVIDENCE};
use crate::prose::clock;
use crate::{Citations, Evidence};

/// From so likely on, a call is said to answer.
const TOLD: f64 = 0.5;

/// Sentences that the answer quotes; the others stand in the evidence.
const QUOTED: usize = 2;

/// A sentence of one of the calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ranked {
    /// Position of the call.
    pub(super) call: usize,
    pub(super) sentence: usize,
    /// How well it answers, the call's own likelihood to do so included.
    pub(super) score: f64,
    /// Whether its call answers at all.
    pub(super) is_told: bool,
}

/// What was found in one call.
pub(super) fn ranked(call: usize, found: Found) -> impl Iterator<Item = Ranked> {
    let told = found.told.clamp(0.001, 0.999);
    let likelihood = (told / (1.0 - told)).ln();
    let sentences = found.sentences.into_iter();
    sentences.map(move |(sentence, score)| Ranked {
        call,
        sentence,
        score: score + likelihood,
        is_told: told >= TOLD,
    })
}

/// The best sentences of calls that answer.
pub(super) fn answer(calls: &[AskedCall], ranked: &[Ranked]) -> AskedAnswer {
    let told = ranked.iter().filter(|one| one.is_told);
    let evidence = told.filter_map(|one| cite(calls.get(one.call)?, one.sentence));
    let evidence: Vec<Evidence> = evidence.take(MOST_EVIDENCE).collect();
    let not_said = AskedAnswer::not_said(AnswerSource::Extracts);
    if evidence.is_empty() {
        return not_said;
    }
    AskedAnswer {
        answered: true,
        answer: quoted(calls, &evidence),
        evidence,
        ..not_said
    }
}

pub(super) fn cite(call: &AskedCall, sentence: usize) -> Option<Evidence> {
    let transcript = call.detail.transcript.as_ref()?;
    let index = transcript.sentences.get(sentence)?.index;
    Citations::new(&call.detail.call, transcript).cite(index)
}

/// The first sentences with who said them and when.
pub(super) fn quoted(calls: &[AskedCall], evidence: &[Evidence]) -> String {
    let mut answer = String::new();
    for cited in evidence.iter().take(QUOTED) {
        if !answer.is_empty() {
            answer.push('\n');
        }
        let side = match cited.affiliation() {
            Affiliation::Internal => "a colleague",
            Affiliation::External => "the customer",
            _ => "somebody",
        };
        let (who, at) = (cited.speaker().unwrap_or(side), clock(cited.start_ms()));
        // Writing into a string cannot fail.
        let _ = write!(answer, "{who}, {at}");
        if calls.len() > 1 {
            let of = calls
                .iter()
                .find(|one| one.detail.call.id == *cited.call_id());
            if let Some(call) = of {
                let _ = write!(answer, " in {}", named(call));
            }
        }
        let _ = write!(answer, ": \u{201c}{}\u{201d}", cited.text().trim());
    }
    answer
}

/// `Intro (2026-05-12)`.
pub(super) fn named(call: &AskedCall) -> String {
    let call = &call.detail.call;
    let day = TimeZone::UTC.to_datetime(call.started).date();
    let title = call.title.as_deref().unwrap_or("a call").trim();
    format!("{title} ({day})")
}
