//! The mail in the words of a generative model, held against what the template says.
//!
//! The model is given what may stand in the mail, fact by fact. A name, a figure or a date
//! that none of them has, a sentence that rests on none, or a promise that was left out, and
//! the template stands.

use std::collections::HashSet;

use cortex::grounding::{figures_were_said, names_were_said};
use cortex::{CompletionRequest, LanguageBackend, LanguageBackendExt};
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::{Value, json};

use super::model::{Draft, DraftSentence, Section};
use super::template::joined;
use crate::Claim;

const TASK: &str = "Word the mail that the seller sends to the customer after a call, in English, \
    friendly and short, from the facts in the data. A line of the data is a fact: fact, its \
    number; section, the part of the mail it belongs to; text. Give the sentences of the mail \
    in order, each with its section, its words, and the numbers of the facts that it rests on. \
    Greeting, thanks and closing rest on the facts of these sections. Every fact of the \
    sections agreed, ours and yours has to be in the mail. Add nothing: no name, figure, date \
    or promise that is not in the facts. Say in plain words what a fact quotes. subject: a \
    subject in a few words.";

#[derive(Serialize)]
struct Fact<'a> {
    fact: usize,
    section: Section,
    text: &'a str,
}

/// What the model wrote; `None` where it does not hold.
///
/// # Errors
/// Those of the backend.
pub(super) async fn draft(
    writer: &dyn LanguageBackend,
    template: &Draft,
) -> cortex::Result<Option<Draft>> {
    let facts = template.sentences.iter().enumerate();
    let facts = facts.map(|(fact, sentence)| Fact {
        fact,
        section: sentence.section,
        text: &sentence.text,
    });
    let sections = Section::ALL.map(Section::as_str);
    let schema = json!({"type": "object", "properties": {
        "subject": {"type": "string"},
        "sentences": {"type": "array", "items": {"type": "object", "properties": {
            "section": {"type": "string", "enum": sections},
            "text": {"type": "string"},
            "facts": {"type": "array", "items": {"type": "integer"}},
        }}},
    }});
    let request = CompletionRequest::on_data(TASK, schema, "facts", facts);
    let completion = writer.completion_of(request).await?;
    let Some(value) = completion.value else {
        let message = "an answer without JSON";
        return Err(cortex::Error::new(ErrorKind::Decode, message));
    };
    Ok(grounded(&value, template))
}

fn grounded(value: &Value, template: &Draft) -> Option<Draft> {
    let everything: Vec<&str> = template.sentences.iter().flat_map(sources).collect();
    let subject = value["subject"].as_str()?.trim();
    let subject_holds = !subject.is_empty()
        && holds(
            subject,
            everything
                .iter()
                .copied()
                .chain([template.subject.as_str()]),
        );
    let mut used: HashSet<usize> = HashSet::new();
    let mut sentences = Vec::new();
    for sentence in value["sentences"].as_array()? {
        let name = sentence["section"].as_str()?;
        let section = Section::ALL.into_iter().find(|one| one.as_str() == name)?;
        let text = sentence["text"].as_str()?.trim();
        let numbers = sentence["facts"].as_array()?.iter();
        let numbers = numbers.map(|number| usize::try_from(number.as_u64()?).ok());
        let numbers: Vec<usize> = numbers.collect::<Option<_>>()?;
        let facts = numbers.iter().map(|number| template.sentences.get(*number));
        let facts: Vec<&DraftSentence> = facts.collect::<Option<_>>()?;
        // The names of those who write and read may stand anywhere.
        let frame = template
            .sentences
            .iter()
            .filter(|one| one.section.heading().is_none());
        let sources = facts.iter().copied().chain(frame).flat_map(sources);
        if text.is_empty() || facts.is_empty() || !holds(text, sources) {
            return None;
        }
        let claims: Vec<Claim> = facts.iter().flat_map(|fact| fact.claims.clone()).collect();
        if section.heading().is_some() == claims.is_empty() {
            return None;
        }
        used.extend(numbers);
        sentences.push(DraftSentence {
            section,
            text: text.to_owned(),
            claims,
        });
    }
    let is_needed = |section| matches!(section, Section::Agreed | Section::Ours | Section::Yours);
    let facts = template.sentences.iter().enumerate();
    let is_whole = facts
        .filter(|(_, fact)| is_needed(fact.section))
        .all(|(number, _)| used.contains(&number));
    if !is_whole || !subject_holds {
        return None;
    }
    sentences.sort_by_key(|sentence| sentence.section);
    Some(Draft {
        subject: subject.to_owned(),
        text: joined(&sentences),
        sentences,
        by_model: true,
        ..template.clone()
    })
}

/// Where the words of a sentence come from.
fn sources(sentence: &DraftSentence) -> impl Iterator<Item = &str> {
    let evidence = sentence.claims.iter().flat_map(Claim::evidence);
    let said = evidence.map(crate::Evidence::text);
    said.chain([sentence.text.as_str()])
}

/// Whether names, figures and dates of a text stand in its sources.
fn holds<'s>(text: &str, sources: impl Iterator<Item = &'s str>) -> bool {
    let sources: Vec<&str> = sources.collect();
    let known: HashSet<String> = sources.iter().flat_map(|text| dates(text)).collect();
    figures_were_said(text, sources.iter().copied())
        && names_were_said(text, sources.iter().copied())
        && dates(text).iter().all(|part| known.contains(part))
}

const DATE_WORDS: [&str; 24] = [
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue",
    "wed", "thu", "fri", "sat", "sun", "today", "tomorrow", "tonight", "week", "month", "quarter",
];

/// The parts of dates in a text: numbers as written, and the words of [`DATE_WORDS`], of
/// days and months the first three letters. May is told by the number beside it.
fn dates(text: &str) -> Vec<String> {
    let words = text.split(|symbol: char| !symbol.is_alphanumeric());
    let parts = words.filter_map(|word| {
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        if !digits.is_empty() {
            return Some(digits);
        }
        let lower = word.to_lowercase();
        let is_of_calendar = CALENDAR.contains(&lower.as_str());
        let short: String = lower.chars().take(3).collect();
        let word = if is_of_calendar { short } else { lower };
        DATE_WORDS.contains(&word.as_str()).then_some(word)
    });
    parts.collect()
}

/// Days and months as people write them out; May and March are words, too, and go by the
/// number beside them.
const CALENDAR: [&str; 17] = [
    "january",
    "february",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
