//! The request to the model: the facts of a call first, then its sentences by number.

use std::ops::Range;

use calls::reading::{CallToRead, Reading, Side};
use jiff::tz::TimeZone;
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::{Value, json};

use super::criteria::ReadingSettings;
use super::schema;
use super::subject::Subject;
use super::wording::{MERGE_TASK, OTHER_LANGUAGE, PART_TASK, RULES, SAME_LANGUAGE, WHOLE_TASK};
use crate::generative::chunks::pieces;
use crate::generative::fence::json_line;
use crate::generative::prompts::{frame_under, prompt_under};
use crate::generative::text_model::Prompt;
use crate::generative::tokens::estimated_tokens;
use crate::{Error, Method, Outcome};

/// Tokens of markers, roles and words around the parts of a prompt.
const AROUND: usize = 200;

/// Fewest tokens of sentences for which asking is worth while.
const LEAST_ROOM: usize = 500;

/// The share of a part that is repeated in the next one: one in so many.
const OVERLAP: usize = 10;

/// Some consecutive sentences, the long ones in pieces.
pub(super) struct Part<'a>(Vec<Line<'a>>);

impl Part<'_> {
    /// The numbers of its sentences.
    pub(super) fn sentences(&self) -> Range<usize> {
        let first = self.0.first().map_or(0, |line| line.line);
        first..self.0.last().map_or(0, |line| line.line + 1)
    }
}

#[derive(Clone, Serialize)]
struct Line<'a> {
    line: usize,
    by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<&'static str>,
    text: &'a str,
}

/// The call in as few overlapping parts as the context allows; none where nothing was said.
///
/// # Errors
/// `Config` on `context_tokens` when there is no room for a part.
pub(super) fn parts<'a>(
    subject: &Subject<'a>,
    settings: &ReadingSettings,
    model: &str,
) -> Outcome<Vec<Part<'a>>> {
    let mut lines = Vec::new();
    for (number, (turn, said)) in subject.call.sentences().enumerate() {
        let side = subject.call.party(&turn.speaker).map(|party| party.side);
        lines.extend(pieces(said, LEAST_ROOM / 2).into_iter().map(|text| Line {
            line: number,
            by: subject.people.key(&turn.speaker),
            side: side.and_then(word_of),
            text,
        }));
    }
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let room = room(subject, settings, model)?;
    let tokens: Vec<usize> = lines
        .iter()
        .map(|line| estimated_tokens(&json_line(line)))
        .collect();
    let mut parts = Vec::new();
    let mut from = 0;
    while from < lines.len() {
        let to = from + fitting(tokens[from..].iter(), room).max(1);
        parts.push(Part(lines[from..to].to_vec()));
        if to == lines.len() {
            break;
        }
        // Again from so far back, but always further on than before.
        from = (to - fitting(tokens[..to].iter().rev(), room / OVERLAP)).max(from + 1);
    }
    Ok(parts)
}

/// How many of some sizes fit.
fn fitting<'t>(sizes: impl Iterator<Item = &'t usize>, room: usize) -> usize {
    let sums = sizes.scan(0, |sum, size| {
        *sum += size;
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= room).count()
}

/// Tokens that are left for sentences.
fn room(subject: &Subject<'_>, settings: &ReadingSettings, model: &str) -> Outcome<usize> {
    room_beside(
        estimated_tokens(&json_line(&facts(subject))),
        settings,
        model,
    )
}

fn room_beside(facts: usize, settings: &ReadingSettings, model: &str) -> Outcome<usize> {
    let told = [RULES, settings.criteria().text(), MERGE_TASK]
        .into_iter()
        .map(estimated_tokens);
    let taken = told.sum::<usize>()
        + estimated_tokens(&json_line(&schema::reading()))
        + facts
        + usize::try_from(settings.answer_tokens()).unwrap_or(usize::MAX)
        + AROUND;
    let context = settings.context_tokens(model);
    match context
        .checked_sub(taken)
        .filter(|room| *room >= LEAST_ROOM)
    {
        Some(room) => Ok(room),
        None => {
            let message = format!(
                "{context} tokens of context hold no call beside the criteria and the answer, \
                 which take {taken}"
            );
            Err(Error::new(ErrorKind::Config, message).with_field("context_tokens"))
        }
    }
}

/// The question about a part, which may be the whole call.
pub(super) fn part_prompt(
    subject: &Subject<'_>,
    settings: &ReadingSettings,
    part: &Part<'_>,
    is_whole: bool,
) -> Prompt {
    let task = if is_whole { WHOLE_TASK } else { PART_TASK };
    let lines = part.0.iter().map(|line| json!(line));
    prompt(subject, settings, task, lines)
}

/// The question that puts the readings of parts together.
///
/// # Errors
/// `Config` on `context_tokens` when the context cannot hold them.
pub(super) fn merging_prompt(
    subject: &Subject<'_>,
    settings: &ReadingSettings,
    model: &str,
    read: &[Reading],
) -> Outcome<Prompt> {
    let lines: Vec<Value> = read
        .iter()
        .enumerate()
        .flat_map(|(part, reading)| items(subject, part, reading))
        .collect();
    let tokens: usize = lines
        .iter()
        .map(|line| estimated_tokens(&json_line(line)))
        .sum();
    if tokens > room(subject, settings, model)? {
        let message = "the context does not hold what was read of the parts of the call";
        return Err(Error::new(ErrorKind::Config, message).with_field("context_tokens"));
    }
    Ok(prompt(subject, settings, MERGE_TASK, lines.into_iter()))
}

/// What was read of a part, one item per line.
fn items(subject: &Subject<'_>, part: usize, reading: &Reading) -> Vec<Value> {
    let line = |field: &str, item: Value| json!({"part": part, "field": field, "item": item});
    let mut lines = Vec::new();
    let fields = match serde_json::to_value(reading) {
        Ok(Value::Object(fields)) => fields,
        _ => return lines,
    };
    for (field, value) in fields {
        match (field.as_str(), value) {
            ("failed" | "dropped" | "summary", _) | (_, Value::Null) => {}
            (field, Value::Array(items)) => {
                let field = if field == "summary_claims" {
                    "summary"
                } else {
                    field
                };
                lines.extend(
                    items
                        .into_iter()
                        .map(|item| line(field, as_asked(subject, item))),
                );
            }
            (field, value) => lines.push(line(field, value)),
        }
    }
    lines
}

/// An item in the words of the schema.
fn as_asked(subject: &Subject<'_>, mut item: Value) -> Value {
    if let Value::Object(fields) = &mut item {
        fields.remove("confidence");
        if let Some(Value::String(owner)) = fields.get_mut("owner") {
            let parties = subject.call.parties.iter();
            let named = parties
                .map(|party| &party.id)
                .find(|id| id.as_str() == owner);
            if let Some(id) = named {
                *owner = subject.people.key(id);
            }
        }
    }
    item
}

/// A question about whole calls whose lines are written elsewhere.
pub(crate) struct Frame {
    /// What stands before the lines, with [`FENCE`] for the name of the fence.
    pub(crate) before: String,
    /// What stands behind them.
    pub(crate) after: String,
    /// JSON schema of the answer.
    pub(crate) schema: Value,
    /// Room for the answer.
    pub(crate) answer_tokens: u32,
    /// A call of more sentences may not fit into one request.
    pub(crate) most_sentences: usize,
}

/// Where the name of the fence goes.
pub(crate) const FENCE: &str = "{fence}";

/// Tokens of facts, and of one sentence, that are more than most have.
const FACTS_TOKENS: usize = 2_000;
const SENTENCE_TOKENS: usize = 100;

/// # Errors
/// `Config` on `context_tokens` when there is no room for a call.
pub(crate) fn frame(settings: &ReadingSettings, model: &str) -> Outcome<Frame> {
    let (rules, task) = (rules(settings), worded(WHOLE_TASK, settings));
    let schema = schema::reading();
    let (before, after) = frame_under(&rules, &task, &schema, FENCE);
    Ok(Frame {
        before,
        after,
        schema,
        answer_tokens: settings.answer_tokens(),
        most_sentences: room_beside(FACTS_TOKENS, settings, model)? / SENTENCE_TOKENS,
    })
}

fn rules(settings: &ReadingSettings) -> String {
    format!("{RULES}\n\n{}", settings.criteria().text())
}

fn worded(task: &str, settings: &ReadingSettings) -> String {
    let language = match settings.language() {
        Some(code) => format!("{OTHER_LANGUAGE}{code}."),
        None => SAME_LANGUAGE.to_owned(),
    };
    task.replace("{language}", &language)
}

fn prompt(
    subject: &Subject<'_>,
    settings: &ReadingSettings,
    task: &str,
    lines: impl Iterator<Item = Value>,
) -> Prompt {
    let lines = std::iter::once(facts(subject)).chain(lines);
    let mut prompt = prompt_under(
        &rules(settings),
        Method::Read,
        &worded(task, settings),
        schema::reading(),
        "call",
        lines,
    );
    prompt.max_tokens = Some(settings.answer_tokens());
    prompt
}

/// What is known of the call beside its words. No addresses: names will do.
fn facts(subject: &Subject<'_>) -> Value {
    let call: &CallToRead = subject.call;
    let began = TimeZone::UTC.to_datetime(call.started);
    let parties: Vec<Value> = call
        .parties
        .iter()
        .map(|party| {
            json!({
                "id": subject.people.key(&party.id),
                "name": party.name,
                "side": word_of(party.side),
                "role": party.role,
            })
        })
        .collect();
    json!({
        "date": began.date().to_string(),
        "weekday": format!("{:?}", began.weekday()),
        "title": call.title,
        "language": call.language,
        "deal": call.deal,
        "parties": parties,
        "host": call.host.as_ref().map(|host| subject.people.key(host)),
        "open_steps_of_earlier_calls": call.open_steps,
    })
}

fn word_of(side: Side) -> Option<&'static str> {
    match side {
        Side::Rep => Some("seller"),
        Side::Customer => Some("customer"),
        _ => None,
    }
}
