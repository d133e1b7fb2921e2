//! Answers that a generative model gives, held against the call: one request for all
//! questions.

use std::collections::{BTreeSet, HashMap};

use calls::Affiliation;
use calls::reading::CallToRead;
use cortex::answering::AnswerFinder;
use cortex::grounding::{QuoteIndex, figures_were_said, names_were_said};
use cortex::{CompletionRequest, LanguageBackend, LanguageBackendExt, Utterance};
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::{Value, json};
use snowflake_store::CallDetail;

use super::card::{AnswerKind, Question, Scorecard};
use super::model::{AnswerValue, ScorecardAnswer};
use crate::{Basis, Citations, Claim, Evidence, Result, prose};

/// Sentences that a model is given at most, about: 24,000 tokens.
const MOST_LINES: usize = 800;

/// Of a longer call, sentences that are looked up for each question, and those beside them.
const PASSAGES: usize = 20;
const BESIDE: usize = 4;

/// Sentences that an answer cites at most.
const CITED: usize = 5;

/// Sentences on either side of a quote in which a figure of the reason may stand.
const NEAR: usize = 3;

/// How sure a model's answer is whose quote was said: it is the model's own judgement,
/// which is not measured.
const SURE: f64 = 0.7;

const TASK: &str = "Answer the questions of a scorecard on the call in the data. A line of the \
    data is a sentence: line, its number; speaker; side; and text. The questions, as JSON: \
    {questions}. Give one answer for each question, by its id. shown is false, and value, why and \
    evidence are empty, where the call does not show it: when it was not talked of, or could \
    only be guessed. value: \"yes\" or \"no\" for a question of kind yes_no; \"1\", not at all, \
    to \"5\", fully, for scale; the id of a choice for choice. why: one short sentence with \
    figures and names as they were said. evidence: the sentences that show the answer, the most \
    telling first, at most {most}, each with its line and a quote of at least three words from \
    it, word for word.";

#[derive(Serialize)]
struct Line<'a> {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<&'static str>,
    text: &'a str,
}

/// A call that a model is asked about.
pub(super) struct WrittenCall<'c> {
    lines: Vec<Line<'c>>,
    utterances: Vec<Utterance>,
    citations: Citations<'c>,
}

impl<'c> WrittenCall<'c> {
    /// `None` without a transcript.
    pub(super) fn new(
        detail: &'c CallDetail,
        call: &'c CallToRead,
        card: &Scorecard,
        finder: &AnswerFinder,
    ) -> Option<Self> {
        let transcript = detail.transcript.as_ref()?;
        let chosen = chosen(call, transcript.sentences.len(), card, finder);
        let mut lines = Vec::with_capacity(chosen.len());
        let mut utterances = Vec::with_capacity(chosen.len());
        for sentence in &transcript.sentences {
            let line = usize::try_from(sentence.index).ok()?;
            if !chosen.contains(&line) {
                continue;
            }
            let speaker = sentence.speaker_id.as_ref();
            let party = speaker.and_then(|speaker| detail.call.speaker(speaker));
            let name = party.and_then(|party| party.name.as_deref());
            let affiliation = detail.call.affiliation_of(speaker);
            lines.push(Line {
                line,
                speaker: name,
                side: match affiliation {
                    Affiliation::Internal => Some("seller"),
                    Affiliation::External => Some("customer"),
                    _ => None,
                },
                text: &sentence.text,
            });
            utterances.push(Utterance {
                speaker: name.map(str::to_owned),
                affiliation,
                text: sentence.text.clone(),
                start_ms: None,
            });
        }
        Some(Self {
            lines,
            utterances,
            citations: Citations::new(&detail.call, transcript),
        })
    }

    /// The answers of a model, as far as they hold.
    ///
    /// # Errors
    /// Those of the backend.
    pub(super) async fn answers(
        &self,
        card: &Scorecard,
        writer: &dyn LanguageBackend,
    ) -> Result<Vec<ScorecardAnswer>, cortex::Error> {
        let completion = writer.completion_of(self.request(card)).await?;
        let Some(value) = completion.value else {
            let message = "an answer without JSON";
            return Err(cortex::Error::new(ErrorKind::Decode, message));
        };
        let answers = value["answers"].as_array().into_iter().flatten();
        let mut by_id: HashMap<&str, &Value> = HashMap::new();
        for answer in answers {
            if let Some(id) = answer["id"].as_str() {
                by_id.entry(id).or_insert(answer);
            }
        }
        let quotes = QuoteIndex::new(&self.utterances);
        let held = card.questions().iter().map(|question| {
            let answer = by_id.get(question.id.as_str());
            let answer = answer.ok_or("The model did not answer it.");
            let held = answer.and_then(|answer| self.grounded(question, answer, &quotes));
            held.unwrap_or_else(|why| ScorecardAnswer::not_shown(question, why))
        });
        Ok(held.collect())
    }

    fn request(&self, card: &Scorecard) -> CompletionRequest {
        let questions: Vec<Value> = card.questions().iter().map(asked).collect();
        let task = TASK
            .replace("{most}", &CITED.to_string())
            .replace("{questions}", &Value::from(questions).to_string());
        let ids: Vec<&str> = card.questions().iter().map(|one| one.id.as_str()).collect();
        let schema = json!({"type": "object", "properties": {"answers": {
            "type": "array", "items": {"type": "object", "properties": {
                "id": {"type": "string", "enum": ids},
                "shown": {"type": "boolean"},
                "value": {"type": "string"},
                "why": {"type": "string"},
                "evidence": {"type": "array", "items": {"type": "object", "properties": {
                    "line": {"type": "integer"}, "quote": {"type": "string"}}}},
            }},
        }}});
        CompletionRequest::on_data(&task, schema, "call", &self.lines)
    }

    /// An answer with quotes that were said, or why there is none.
    fn grounded(
        &self,
        question: &Question,
        answer: &Value,
        quotes: &QuoteIndex<'_>,
    ) -> Result<ScorecardAnswer, &'static str> {
        if answer["shown"] != true {
            return Err("The call does not show it.");
        }
        let value = answer["value"].as_str().unwrap_or_default();
        let value =
            value_of(question, value).ok_or("The model's answer was none of those possible.")?;
        let mut cited: Vec<usize> = Vec::new();
        for item in answer["evidence"].as_array().into_iter().flatten() {
            let line = item["line"]
                .as_u64()
                .and_then(|line| usize::try_from(line).ok());
            let claimed = line.and_then(|line| self.lines.iter().position(|one| one.line == line));
            let quote = item["quote"].as_str();
            if let Some(found) = quote.and_then(|quote| quotes.find(quote, claimed)) {
                for at in found.first..=found.last {
                    if !cited.contains(&at) {
                        cited.push(at);
                    }
                }
            }
        }
        cited.truncate(CITED);
        let evidence = self.cite(&cited);
        let quoted = evidence.first().map(|one| one.text().to_owned());
        let quoted = quoted.ok_or("What the model quoted was not said.")?;
        let why = answer["why"].as_str().unwrap_or_default().trim();
        let why = match self.was_said(why, &cited) {
            true => why.to_owned(),
            false => format!("“{}”", prose::shortened(&quoted, 24)),
        };
        let claim = Claim::new(question.id.as_str(), why, Basis::Quote, evidence);
        let claim = claim.map_err(|_| "What the model quoted was not said.")?;
        Ok(ScorecardAnswer::shown(
            question,
            value,
            claim.with_confidence(SURE),
        ))
    }

    fn cite(&self, positions: &[usize]) -> Vec<Evidence> {
        let lines = positions.iter().filter_map(|at| self.lines.get(*at));
        let indices = lines.filter_map(|line| u32::try_from(line.line).ok());
        self.citations.cite_all(indices)
    }

    /// Whether the figures of a reason stand near what it cites, and its names anywhere.
    fn was_said(&self, why: &str, cited: &[usize]) -> bool {
        let lines = || self.lines.iter();
        let near = lines().enumerate().filter(|(at, _)| {
            let mut cited = cited.iter();
            cited.any(|other| other.abs_diff(*at) <= NEAR)
        });
        let speakers = lines().filter_map(|line| line.speaker);
        let everywhere = lines().map(|line| line.text).chain(speakers);
        !why.is_empty()
            && figures_were_said(why, near.map(|(_, line)| line.text))
            && names_were_said(why, everywhere)
    }
}

/// A question as a model is asked it.
fn asked(question: &Question) -> Value {
    let choices: Vec<Value> = question
        .choices
        .iter()
        .map(|choice| json!({"id": choice.id, "text": choice.text}))
        .collect();
    let mut asked = json!({"id": question.id, "kind": question.answer, "text": question.text});
    if !choices.is_empty() {
        asked["choices"] = choices.into();
    }
    asked
}

fn value_of(question: &Question, value: &str) -> Option<AnswerValue> {
    match question.answer {
        AnswerKind::YesNo => match value {
            "yes" => Some(AnswerValue::Yes),
            "no" => Some(AnswerValue::No),
            _ => None,
        },
        AnswerKind::Scale => {
            let value = value.parse().ok().filter(|value| (1..=5).contains(value));
            value.map(AnswerValue::Scale)
        }
        AnswerKind::Choice => {
            let mut choices = question.choices.iter();
            let choice = choices.find(|choice| choice.id == value)?;
            Some(AnswerValue::Choice(choice.id.clone()))
        }
    }
}

/// All sentences where they are few enough, else the best passages for each question.
fn chosen(
    call: &CallToRead,
    sentences: usize,
    card: &Scorecard,
    finder: &AnswerFinder,
) -> BTreeSet<usize> {
    if sentences <= MOST_LINES {
        return (0..sentences).collect();
    }
    let answering = finder.ask(call, None);
    let questions = card.questions().iter();
    let found: Vec<Vec<(usize, f64)>> = questions
        .map(|question| answering.find(&question.text, PASSAGES).sentences)
        .collect();
    let mut chosen = BTreeSet::new();
    // The best of every question before the second of any.
    for rank in 0..PASSAGES {
        for (at, _) in found.iter().filter_map(|best| best.get(rank)) {
            if chosen.len() >= MOST_LINES {
                return chosen;
            }
            chosen.extend(at.saturating_sub(BESIDE)..=(at + BESIDE).min(sentences - 1));
        }
    }
    chosen
}
