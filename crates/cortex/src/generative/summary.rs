//! Summaries by a generative model, of claims that rest on what was said.
//!
//! Map: every chunk of the conversation is asked for its main points, each with
//! quotes. Reduce: while there is more than one chunk, the points are asked to be
//! condensed, and every sentence names the points that it rests on. A point or sentence
//! that rests on nothing, or that holds a figure which nobody named, is dropped.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::answers::{ask, shaped};
use super::chunks::{Line, chunks};
use super::grounding::{Figures, QuoteIndex};
use super::prompts::{SpokenLine, prompt_on};
use super::schema::{array, integer, object, string};
use super::text_model::{Prompt, TextModel};
use super::tokens::estimated_tokens;
use crate::{Method, Outcome, Result, Summary, SummaryRequest};

/// What the JSON around a point takes.
const POINT_OVERHEAD: usize = 16;

/// Rounds of condensing. Each makes several groups of points into one; so many rounds
/// are enough for calls of weeks.
const MOST_ROUNDS: usize = 6;

const MAP_TASK: &str = "Summarise the transcript in at most {words} words, as points for \
    somebody who was not on the call: what was wanted, objected to, agreed and left open. Most \
    important point first, each one sentence in the language of the transcript, with figures as \
    they were said. For every point give text, and quotes that show it: line, the number of a \
    line, and quote, some words exactly as they stand in it, at least three.";

const REDUCE_TASK: &str = "The data are points from consecutive parts of one call. Condense \
    them into a summary of at most {words} words for somebody who was not on the call: what was \
    wanted, objected to, agreed and left open. Merge what is said twice. Most important \
    sentence first. For every sentence give text, and points, the numbers of the lines that it \
    rests on. Add nothing that the lines do not say.";

/// A summary of each conversation.
///
/// Without words to write ([`SummaryRequest::max_words`] of 0) or to read, a summary
/// is empty and nothing is asked.
pub(crate) async fn summarize(
    model: &dyn TextModel,
    requests: &[SummaryRequest],
) -> Result<Vec<Outcome<Summary>>> {
    let mut drafts = map(model, requests).await?;
    for _ in 0..MOST_ROUNDS {
        if !reduce(model, requests, &mut drafts).await {
            break;
        }
    }
    Ok(requests
        .iter()
        .zip(drafts)
        .map(|(request, draft)| draft.map(|draft| written(draft, request.max_words)))
        .collect())
}

/// One sentence, and the utterances that it rests on.
#[derive(Debug, Clone)]
struct Point {
    text: String,
    utterances: BTreeSet<usize>,
}

/// What is known of one conversation so far.
#[derive(Debug, Default)]
struct Draft {
    /// Points by part, in time order; within a part the most important first.
    parts: Vec<Vec<Point>>,
    dropped: usize,
}

#[derive(Deserialize)]
struct MapAnswer {
    points: Vec<MapPoint>,
}

#[derive(Deserialize)]
struct MapPoint {
    text: String,
    quotes: Vec<Quote>,
}

#[derive(Deserialize)]
struct Quote {
    line: i64,
    quote: String,
}

#[derive(Deserialize)]
struct ReduceAnswer {
    sentences: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    text: String,
    points: Vec<usize>,
}

async fn map(model: &dyn TextModel, requests: &[SummaryRequest]) -> Result<Vec<Outcome<Draft>>> {
    let mut prompts = Vec::new();
    let mut asked = Vec::new();
    for (item, request) in requests.iter().enumerate() {
        if request.max_words == 0 {
            continue;
        }
        for chunk in chunks(&request.utterances, model.limits().data_tokens) {
            prompts.push(map_prompt(request.max_words, &chunk));
            let first = chunk.first().map_or(0, |line| line.utterance);
            let last = chunk.last().map_or(0, |line| line.utterance);
            asked.push((item, first..last + 1));
        }
    }
    let answers = ask(model, prompts, |_, value| {
        Ok(shaped::<MapAnswer>(value)?.points)
    })
    .await?;
    let mut drafts: Vec<Outcome<Draft>> = requests.iter().map(|_| Ok(Draft::default())).collect();
    let indexes: Vec<QuoteIndex<'_>> = requests
        .iter()
        .map(|request| QuoteIndex::new(&request.utterances))
        .collect();
    for ((item, range), answer) in asked.into_iter().zip(answers) {
        match (&mut drafts[item], answer) {
            (Ok(draft), Ok(claims)) => {
                let said = &requests[item].utterances[range.clone()];
                let figures = Figures::of(said.iter().map(|spoken| spoken.text.as_str()));
                let points: Vec<Point> = claims
                    .iter()
                    .filter(|claim| figures.cover(&claim.text))
                    .filter_map(|claim| {
                        let found = claim.quotes.iter().filter_map(|quote| {
                            let line = usize::try_from(quote.line).ok();
                            indexes[item].find_within(&quote.quote, line, range.clone())
                        });
                        let found = found.flat_map(|found| found.first..=found.last).collect();
                        point(&claim.text, found, requests[item].max_words)
                    })
                    .collect();
                draft.dropped += claims.len() - points.len();
                draft.parts.push(points);
            }
            (draft @ Ok(_), Err(error)) => *draft = Err(error),
            (Err(_), _) => {}
        }
    }
    Ok(drafts)
}

fn map_prompt(max_words: usize, chunk: &[Line<'_>]) -> Prompt {
    let schema = object([(
        "points",
        array(object([
            ("text", string()),
            (
                "quotes",
                array(object([("line", integer()), ("quote", string())])),
            ),
        ])),
    )]);
    let task = MAP_TASK.replace("{words}", &max_words.to_string());
    let lines = chunk.iter().map(SpokenLine::from);
    prompt_on(Method::Summarize, &task, schema, "transcript", lines)
}

/// A point, unless it says nothing or rests on nothing. It has no more words than the
/// whole summary may have.
fn point(text: &str, utterances: BTreeSet<usize>, max_words: usize) -> Option<Point> {
    let text = beginning(text, max_words);
    (!text.is_empty() && !utterances.is_empty()).then_some(Point { text, utterances })
}

/// Condenses what has more than one part, by groups of parts that fit one prompt.
/// Says whether there was anything to condense.
async fn reduce(
    model: &dyn TextModel,
    requests: &[SummaryRequest],
    drafts: &mut [Outcome<Draft>],
) -> bool {
    let limit = model.limits().data_tokens;
    let mut prompts = Vec::new();
    let mut asked: Vec<(usize, Vec<Point>)> = Vec::new();
    for (item, draft) in drafts.iter_mut().enumerate() {
        let Ok(draft) = draft else { continue };
        draft.parts.retain(|part| !part.is_empty());
        if draft.parts.len() < 2 {
            continue;
        }
        for group in groups(std::mem::take(&mut draft.parts), limit) {
            prompts.push(reduce_prompt(requests[item].max_words, &group));
            asked.push((item, group));
        }
    }
    if prompts.is_empty() {
        return false;
    }
    let answers = ask(model, prompts, |_, value| {
        Ok(shaped::<ReduceAnswer>(value)?.sentences)
    })
    .await;
    // An outer error here concerns the second step of every conversation alike.
    let answers = answers.unwrap_or_else(|error| {
        let copies = asked.iter().map(|_| Err(crate::outcomes::copy_of(&error)));
        copies.collect()
    });
    for ((item, group), answer) in asked.into_iter().zip(answers) {
        match (&mut drafts[item], answer) {
            (Ok(draft), Ok(sentences)) => {
                let points: Vec<Point> = sentences
                    .iter()
                    .filter_map(|sentence| condensed(sentence, &group, requests[item].max_words))
                    .collect();
                draft.dropped += sentences.len() - points.len();
                draft.parts.push(points);
            }
            (draft @ Ok(_), Err(error)) => *draft = Err(error),
            (Err(_), _) => {}
        }
    }
    true
}

/// A point as the condensing model sees it.
#[derive(Serialize)]
struct PointLine<'a> {
    line: usize,
    text: &'a str,
}

fn reduce_prompt(max_words: usize, group: &[Point]) -> Prompt {
    let schema = object([(
        "sentences",
        array(object([("text", string()), ("points", array(integer()))])),
    )]);
    let task = REDUCE_TASK.replace("{words}", &max_words.to_string());
    let lines = group.iter().enumerate().map(|(line, point)| PointLine {
        line,
        text: &point.text,
    });
    prompt_on(Method::Summarize, &task, schema, "points", lines)
}

/// Consecutive parts that fit one prompt together, at least two of them, so that
/// every round leaves fewer.
fn groups(parts: Vec<Vec<Point>>, limit: usize) -> Vec<Vec<Point>> {
    let tokens = |part: &[Point]| -> usize {
        let of_point = |point: &Point| POINT_OVERHEAD + estimated_tokens(&point.text);
        part.iter().map(of_point).sum()
    };
    let mut groups: Vec<Vec<Point>> = Vec::new();
    let (mut sum, mut members) = (0, 0);
    for part in parts {
        let size = tokens(&part);
        match groups.last_mut() {
            Some(group) if members < 2 || sum + size <= limit => {
                group.extend(part);
                sum += size;
                members += 1;
            }
            _ => {
                groups.push(part);
                (sum, members) = (size, 1);
            }
        }
    }
    groups
}

fn condensed(sentence: &Sentence, group: &[Point], max_words: usize) -> Option<Point> {
    let rests_on: Vec<&Point> = sentence
        .points
        .iter()
        .filter_map(|at| group.get(*at))
        .collect();
    let figures = Figures::of(rests_on.iter().map(|point| point.text.as_str()));
    if !figures.cover(&sentence.text) {
        return None;
    }
    let utterances = rests_on.iter().flat_map(|point| &point.utterances);
    point(&sentence.text, utterances.copied().collect(), max_words)
}

/// The most important points that fit, in time order.
fn written(draft: Draft, max_words: usize) -> Summary {
    let mut chosen: Vec<Point> = Vec::new();
    let mut words = 0;
    // Parts that were not condensed take turns: the first of each before the second.
    let longest = draft.parts.iter().map(Vec::len).max().unwrap_or(0);
    let by_importance =
        (0..longest).flat_map(|rank| draft.parts.iter().filter_map(move |part| part.get(rank)));
    for point in by_importance {
        let more = point.text.split_whitespace().count();
        if words + more <= max_words {
            words += more;
            chosen.push(point.clone());
        }
    }
    chosen.sort_by_key(|point| point.utterances.first().copied());
    let cited: BTreeSet<usize> = chosen
        .iter()
        .flat_map(|point| point.utterances.iter().copied())
        .collect();
    let texts: Vec<&str> = chosen.iter().map(|point| point.text.as_str()).collect();
    Summary {
        text: texts.join(" "),
        sentences: cited.into_iter().collect(),
        dropped: draft.dropped,
    }
}

/// At most so many words, and a mark where there were more.
fn beginning(text: &str, words: usize) -> String {
    let mut all = text.split_whitespace();
    let mut beginning = all.by_ref().take(words).collect::<Vec<_>>().join(" ");
    if all.next().is_some() && !beginning.is_empty() {
        beginning.push('\u{2026}');
    }
    beginning
}
