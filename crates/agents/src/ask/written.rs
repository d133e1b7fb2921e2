//! Answers that a generative model writes, held against the calls.

use std::collections::BTreeSet;

use calls::Affiliation;
use cortex::answering::{AskedLine, Inquiry};
use cortex::{LanguageBackend, LanguageBackendExt};
use resilience::ErrorKind;
use serde_json::Value;

use super::asked_call::AskedCall;
use super::extracts::{Ranked, cite, named, quoted};
use super::model::{AnswerSource, AskedAnswer, MOST_EVIDENCE};

/// Sentences that are ranked of each call, for those that are too long to be read whole.
pub(super) const PASSAGES: usize = 40;

/// Sentences that a model is given at most, about: 24,000 tokens.
const MOST_LINES: usize = 800;

/// Sentences on either side of a passage that are read with it.
const BESIDE: usize = 4;

/// What the model answers, as far as it holds.
pub(super) async fn answer(
    language: &dyn LanguageBackend,
    question: &str,
    calls: &[AskedCall],
    ranked: &[Ranked],
) -> cortex::Result<AskedAnswer> {
    let not_said = AskedAnswer::not_said(AnswerSource::Model);
    let chosen = chosen(calls, ranked);
    if chosen.is_empty() {
        return Ok(not_said);
    }
    let facts: Vec<String> = calls.iter().map(facts).collect();
    let lines: Vec<AskedLine<'_>> = chosen
        .iter()
        .filter_map(|(call, sentence)| line(*call, calls.get(*call)?, *sentence))
        .collect();
    let inquiry = Inquiry {
        question,
        calls: &facts,
        lines: &lines,
    };
    let completion = language.completion_of(inquiry.request()).await?;
    let Some(value) = completion.value else {
        let message = "an answer without JSON";
        return Err(cortex::Error::new(ErrorKind::Decode, message));
    };
    Ok(grounded(&inquiry, &value, calls, &chosen).unwrap_or(not_said))
}

/// `None` when the calls do not say it, or nothing of what the model wrote was said.
fn grounded(
    inquiry: &Inquiry<'_>,
    value: &Value,
    calls: &[AskedCall],
    chosen: &BTreeSet<(usize, usize)>,
) -> Option<AskedAnswer> {
    let written = inquiry.ground(value);
    let places: Vec<&(usize, usize)> = chosen.iter().collect();
    let cited = written.lines.iter().filter_map(|line| {
        let (call, sentence) = places.get(*line)?;
        cite(calls.get(*call)?, *sentence)
    });
    let evidence: Vec<_> = cited.take(MOST_EVIDENCE).collect();
    if evidence.is_empty() {
        return None;
    }
    let (answer, source) = match written.answer {
        Some(answer) => (answer, AnswerSource::Model),
        None => (quoted(calls, &evidence), AnswerSource::Extracts),
    };
    Some(AskedAnswer {
        answered: true,
        answer,
        evidence,
        source,
        ..AskedAnswer::not_said(source)
    })
}

/// All sentences where they are few enough, else the best passages, by call and number.
fn chosen(calls: &[AskedCall], ranked: &[Ranked]) -> BTreeSet<(usize, usize)> {
    let length = |call: &AskedCall| {
        let transcript = call.detail.transcript.as_ref();
        transcript.map_or(0, |transcript| transcript.sentences.len())
    };
    if calls.iter().map(length).sum::<usize>() <= MOST_LINES {
        let all = calls.iter().enumerate();
        return all
            .flat_map(|(at, call)| (0..length(call)).map(move |sentence| (at, sentence)))
            .collect();
    }
    let mut chosen = BTreeSet::new();
    for one in ranked {
        let Some(call) = calls.get(one.call) else {
            continue;
        };
        let from = one.sentence.saturating_sub(BESIDE);
        let to = (one.sentence + BESIDE + 1).min(length(call));
        chosen.extend((from..to).map(|sentence| (one.call, sentence)));
        if chosen.len() >= MOST_LINES {
            break;
        }
    }
    chosen
}

fn line(number: usize, call: &AskedCall, sentence: usize) -> Option<AskedLine<'_>> {
    let said = call.detail.transcript.as_ref()?.sentences.get(sentence)?;
    let party = said
        .speaker_id
        .as_ref()
        .and_then(|speaker| call.detail.call.speaker(speaker));
    Some(AskedLine {
        call: number,
        speaker: party.and_then(|party| party.display_name()),
        affiliation: party.map_or(Affiliation::Unknown, |party| party.affiliation),
        text: &said.text,
    })
}

/// Date, title and people of a call in one line.
fn facts(call: &AskedCall) -> String {
    let people = call.call.parties.iter().map(|party| {
        let side = match party.side {
            calls::reading::Side::Rep => "seller",
            calls::reading::Side::Customer => "customer",
            _ => "side unknown",
        };
        match &party.role {
            Some(role) => format!("{} ({side}, {role})", party.name),
            None => format!("{} ({side})", party.name),
        }
    });
    let people: Vec<String> = people.collect();
    format!("{}, with {}", named(call), people.join("; "))
}
