//! One call through everything that the backend does by itself.

use std::time::Instant;

use calls::reading::CallToRead;
use calls::{Affiliation, CallId, Party, Sentence, SpeakerId, Transcript};
use cortex::search::SearchIndex;
use cortex::trackers::{KeywordTracker, LanguageKeywords, track};
use cortex::{
    ExtractRequest, FindingKind, LanguageBackend, LocalLanguage, SummaryRequest, Utterance,
};

use serde_json::json;

use crate::Result;
use crate::data::DataSets;
use crate::figure::{Aim, Figure};
use crate::statistics::median;

const SENTENCES: usize = 1_000;
/// Sentences of a window whose vector is stored.
const WINDOW: usize = 8;
const ROUNDS: usize = 31;
/// What a sentence is taken to last; the recording's times are not read.
const SENTENCE_MS: i64 = 3_000;
const COMPETITORS: [&str; 3] = ["Chorus", "Clari", "Outreach"];

struct Call {
    texts: Vec<String>,
    utterances: Vec<Utterance>,
    windows: Vec<String>,
    call: calls::Call,
    transcript: Transcript,
    to_read: CallToRead,
}

impl Call {
    fn read(data: &DataSets) -> Result<Self> {
        let said = data.call_of(SENTENCES)?;
        let sentences = said
            .iter()
            .zip(0_u32..)
            .map(|((speaker, text), index)| Sentence {
                index,
                speaker_id: Some(SpeakerId::new(speaker)),
                topic: None,
                start_ms: i64::from(index) * SENTENCE_MS,
                end_ms: i64::from(index + 1) * SENTENCE_MS,
                text: text.clone(),
            });
        let transcript = Transcript::new(CallId::new("1"), sentences.collect());
        let texts: Vec<String> = said.iter().map(|(_, text)| text.clone()).collect();
        let first_speaker = said.first().map(|(speaker, _)| speaker.clone());
        let utterances = said
            .iter()
            .map(|(speaker, text)| Utterance {
                speaker: Some(speaker.clone()),
                affiliation: if Some(speaker) == first_speaker.as_ref() {
                    Affiliation::Internal
                } else {
                    Affiliation::External
                },
                ..Utterance::of(text)
            })
            .collect();
        let windows = texts
            .chunks(WINDOW)
            .map(|window| window.join(" "))
            .collect();
        let mut call: calls::Call = serde_json::from_value(json!({
            "id": "1", "started": "2026-08-03T09:00:00Z", "duration_seconds": 3_000,
            "direction": "Unknown", "media": "Unknown", "scope": "Unknown", "language": "eng",
            "is_private": false, "parties": [], "crm": [], "topics": [], "trackers": [],
        }))?;
        let to_read = to_read(&said)?;
        call.parties = vec![Party {
            speaker_id: first_speaker.map(SpeakerId::new),
            affiliation: Affiliation::Internal,
            ..Party::default()
        }];
        Ok(Self {
            texts,
            utterances,
            windows,
            call,
            transcript,
            to_read,
        })
    }
}

/// The call as it is read: whoever speaks first sells.
fn to_read(said: &[(String, String)]) -> Result<CallToRead> {
    let mut speakers: Vec<&str> = said.iter().map(|(speaker, _)| speaker.as_str()).collect();
    speakers.sort_unstable();
    speakers.dedup();
    let first = said.first().map(|(speaker, _)| speaker.as_str());
    let side = |id: &str| if Some(id) == first { "rep" } else { "customer" };
    let parties = speakers.into_iter();
    let parties: Vec<_> = parties
        .map(|id| json!({"id": id, "name": id, "side": side(id)}))
        .collect();
    let turns = said.chunk_by(|one, next| one.0 == next.0);
    let turns: Vec<_> = turns
        .map(|turn| {
            let texts: Vec<&str> = turn.iter().map(|(_, text)| text.as_str()).collect();
            json!({"speaker": turn[0].0, "sentences": texts})
        })
        .collect();
    Ok(serde_json::from_value(json!({
        "id": "1", "title": "Call", "started": "2026-08-03T09:00:00Z", "parties": parties, "turns": turns,
    }))?)
}

/// What the steps of one round took, in milliseconds.
struct Round {
    steps: Vec<(&'static str, f64)>,
}

impl Round {
    fn total(&self) -> f64 {
        self.steps
            .iter()
            .map(|(_, milliseconds)| milliseconds)
            .sum()
    }
}

pub(crate) async fn local_steps(data: &DataSets) -> Result<Vec<Figure>> {
    let call = Call::read(data)?;
    let first = round(&call).await?;
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        rounds.push(round(&call).await?);
    }
    for (at, (step, _)) in first.steps.iter().enumerate() {
        let middle = median(rounds.iter().map(|round| round.steps[at].1).collect());
        let cold = first.steps[at].1;
        eprintln!("{middle:>8.2} ms, {cold:>8.2} ms the first time: {step}");
    }
    let words: usize = call.texts.iter().map(|text| text.split(' ').count()).sum();
    let figure = |name, value, aim, items: String| Figure {
        name,
        value,
        digits: 1,
        unit: "ms",
        aim,
        items,
        part: None,
    };
    Ok(vec![
        figure(
            "speed: all local steps on one call",
            median(rounds.iter().map(Round::total).collect()),
            Aim::Below(60.0),
            format!("{SENTENCES} sentences, {words} words, median of {ROUNDS} rounds"),
        ),
        figure(
            "speed: the first call of a process, tables read in",
            first.total(),
            // Once in a process, whatever the number of calls.
            Aim::Comparison,
            format!("{SENTENCES} sentences, {words} words, once"),
        ),
    ])
}

async fn round(call: &Call) -> Result<Round> {
    let language = LocalLanguage::new();
    let summary = SummaryRequest {
        utterances: call.utterances.clone(),
        max_words: 150,
    };
    let extraction = ExtractRequest {
        utterances: call.utterances.clone(),
        wanted: FindingKind::ALL.to_vec(),
        competitors: COMPETITORS.map(str::to_owned).to_vec(),
    };
    let mut steps = Vec::new();
    let mut started = Instant::now();
    let mut done = |step| {
        steps.push((step, started.elapsed().as_secs_f64() * 1_000.0));
        started = Instant::now();
    };
    language.sentiment(&call.texts).await?;
    done("sentiment of each sentence");
    language.summarize(&[summary]).await?;
    done("summary of 150 words");
    language.extract(&[extraction]).await?;
    done("findings of every kind");
    let tracker = KeywordTracker {
        tracker_name: "Competitors".into(),
        language_keywords: vec![LanguageKeywords {
            language: "mul".into(),
            keywords: COMPETITORS.map(str::to_owned).to_vec(),
            include_related_forms: false,
        }],
        ..KeywordTracker::default()
    };
    for found in track(&[tracker], &call.call, &call.transcript) {
        found?;
    }
    done("trackers");
    language.read(std::slice::from_ref(&call.to_read)).await?;
    done("reading of the call");
    language.embed(&call.windows).await?;
    done("vectors of windows of 8 sentences");
    SearchIndex::over(&call.windows).search("What did they say about the deadline?", 10);
    done("search index over the windows, and one question");
    Ok(Round { steps })
}
