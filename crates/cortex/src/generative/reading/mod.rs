//! A call read by a generative model, in one request where its context allows.
//!
//! The model's instructions are in one file ([`ReadingCriteria`]). A call that exceeds
//! the context is read in overlapping parts, and one more request merges the results.
//! The answer is decoded item by item ([`answer`])
//! and checked against the call ([`evidence`]): a bad item is dropped and counted, and the
//! good ones stay. A part of the reading that cannot be decoded is reported as failed.

mod amounts;
mod answer;
mod criteria;
mod evidence;
mod people;
mod request;
mod schema;
mod subject;
mod wire;
mod wording;

use calls::reading::{CallToRead, Reading};
use resilience::ErrorKind;

use self::answer::decode;
use self::request::{Part, merging_prompt, part_prompt, parts};
use self::subject::Subject;
use super::answers::ask;
use super::text_model::{Prompt, TextModel};
use crate::outcomes::copy_of;
use crate::{Error, Outcome, Result};

pub(super) use self::amounts::Amounts;
pub use self::criteria::{ReadingCriteria, ReadingSettings};
#[cfg(feature = "sql")]
pub(crate) use self::request::frame;

/// A reading of each call.
///
/// A call in which nothing was said has an empty reading, and nothing is asked. A call of
/// which any part could not be read is an error: a reading with a hole in it looks like
/// one without.
pub(crate) async fn read(
    model: &dyn TextModel,
    settings: &ReadingSettings,
    calls: &[CallToRead],
) -> Result<Vec<Outcome<Reading>>> {
    let subjects: Vec<Subject<'_>> = calls
        .iter()
        .map(|call| Subject::new(call, settings))
        .collect();
    let mut readings: Vec<Outcome<Vec<Reading>>> = calls.iter().map(|_| Ok(Vec::new())).collect();
    let mut prompts = Vec::new();
    let mut asked = Vec::new();
    for (at, subject) in subjects.iter().enumerate() {
        match parts(subject, settings, model.name()) {
            Ok(parts) => {
                let is_whole = parts.len() == 1;
                for part in parts {
                    prompts.push(part_prompt(subject, settings, &part, is_whole));
                    asked.push((at, part));
                }
            }
            Err(error) => readings[at] = Err(error),
        }
    }
    let of_prompt = |at: usize| {
        asked
            .get(at)
            .map(|(call, part): &(usize, Part<'_>)| (*call, part.sentences()))
    };
    let answers = answered(model, prompts, &subjects, of_prompt).await?;
    for ((call, _), answer) in asked.iter().zip(answers) {
        match (&mut readings[*call], answer) {
            (Ok(read), Ok(more)) => read.push(more),
            (place @ Ok(_), Err(error)) => *place = Err(error),
            (Err(_), _) => {}
        }
    }
    Ok(merged(model, settings, &subjects, readings).await)
}

/// Puts the parts of long calls together.
async fn merged(
    model: &dyn TextModel,
    settings: &ReadingSettings,
    subjects: &[Subject<'_>],
    readings: Vec<Outcome<Vec<Reading>>>,
) -> Vec<Outcome<Reading>> {
    let mut prompts = Vec::new();
    let mut long = Vec::new();
    let mut outcomes = Vec::with_capacity(readings.len());
    for (at, read) in readings.into_iter().enumerate() {
        outcomes.push(match read {
            Err(error) => Err(error),
            Ok(mut read) if read.len() < 2 => Ok(read.pop().unwrap_or_default()),
            Ok(read) => {
                merging_prompt(&subjects[at], settings, model.name(), &read).map(|prompt| {
                    prompts.push(prompt);
                    long.push((at, read.iter().map(|part| part.dropped).sum::<usize>()));
                    Reading::default()
                })
            }
        });
    }
    let of_prompt = |at: usize| {
        let (call, _) = long.get(at)?;
        Some((*call, 0..subjects[*call].evidence.len()))
    };
    let answers = answered(model, prompts, subjects, of_prompt).await;
    // An outer error here concerns the last step of every long call alike.
    let answers =
        answers.unwrap_or_else(|error| long.iter().map(|_| Err(copy_of(&error))).collect());
    for ((call, dropped), answer) in long.into_iter().zip(answers) {
        outcomes[call] = answer.map(|mut reading| {
            reading.dropped += dropped;
            reading
        });
    }
    outcomes
}

/// Asks, decodes and grounds. `of_prompt` says which call a prompt is about, and which
/// sentences of it an answer may cite.
async fn answered(
    model: &dyn TextModel,
    prompts: Vec<Prompt>,
    subjects: &[Subject<'_>],
    of_prompt: impl Fn(usize) -> Option<(usize, std::ops::Range<usize>)>,
) -> Result<Vec<Outcome<Reading>>> {
    let asked = ask(model, prompts, |at, value| {
        let place = of_prompt(at).and_then(|(call, within)| Some((subjects.get(call)?, within)));
        match place {
            Some((subject, within)) => decode(value, subject, within).map(Ok),
            None => Ok(Err(Error::new(
                ErrorKind::Internal,
                "an answer without a call",
            ))),
        }
    });
    let answers = asked.await?;
    Ok(answers
        .into_iter()
        .map(|answer| answer.and_then(|read| read))
        .collect())
}
