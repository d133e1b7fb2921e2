//! The sentiment of texts, from a generative model.

use calls::{Provenance, Sentiment, SentimentLabel};
use resilience::ErrorKind;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::{Problem, ask, shaped};
use super::chunks::pieces;
use super::prompts::{NumberedText, prompt_on};
use super::schema::{array, integer, number, object, one_of};
use super::text_model::{Prompt, TextModel};
use super::tokens::estimated_tokens;
use crate::outcomes::copy_of;
use crate::{Error, Method, Outcome, Result, TextSentiment};

const LABELS: [&str; 4] = ["positive", "neutral", "negative", "mixed"];

/// What a line of data takes besides its words.
const LINE_OVERHEAD: usize = 12;

/// From this share of the words on, a text that is both is mixed.
const MIXED_SHARE: f64 = 0.25;

/// From this score on, up or down, a text is not neutral.
const CLEAR_TONE: f64 = 0.5;

const TASK: &str = "Give the tone of each line towards what it speaks of, each line by itself. \
    label: positive, neutral, negative, or mixed when a line is clearly both. score: from -1 \
    (very negative) over 0 (neutral) to 1 (very positive); above 0 for positive, below 0 for \
    negative. A statement of fact and a polite phrase are neutral. Exactly one reading for \
    every line, in order.";

/// The sentiment of each text.
///
/// Short texts share prompts, as many as the model's limits allow. When a shared
/// prompt fails, its texts are asked one by one, so that one of them does not spoil
/// the others. A text that is too long is read in pieces: its score is the mean by
/// tokens, its label that of most tokens, or mixed when a quarter each is positive and
/// negative. A blank text is neutral without being asked. `by` is who answers.
pub(crate) async fn sentiment(
    model: &dyn TextModel,
    texts: &[String],
    by: &Provenance,
) -> Result<Vec<Outcome<TextSentiment>>> {
    let limits = model.limits();
    let all: Vec<Piece<'_>> = texts
        .iter()
        .enumerate()
        .flat_map(|(item, text)| {
            let room = limits.data_tokens.saturating_sub(LINE_OVERHEAD).max(1);
            pieces(text, room).into_iter().map(move |text| Piece {
                item,
                text,
                tokens: estimated_tokens(text),
            })
        })
        .collect();
    let packs = packed(&all, limits.data_tokens, limits.texts_per_prompt.max(1));
    let mut readings: Vec<Outcome<LineTone>> = Vec::with_capacity(all.len());
    // Pieces that failed in company.
    let mut again: Vec<usize> = Vec::new();
    for (pack, outcome) in packs.iter().zip(read_packs(model, &packs).await?) {
        match outcome {
            Ok(of_pack) => readings.extend(of_pack.into_iter().map(Ok)),
            Err(error) => {
                if pack.len() > 1 && is_about_the_content(&error) {
                    again.extend(readings.len()..readings.len() + pack.len());
                }
                readings.extend(pack.iter().map(|_| Err(copy_of(&error))));
            }
        }
    }
    let singles: Vec<&[Piece<'_>]> = again.iter().map(|at| &all[*at..=*at]).collect();
    // Should this fail as a whole, the first errors stand.
    for (at, outcome) in again
        .into_iter()
        .zip(read_packs(model, &singles).await.unwrap_or_default())
    {
        readings[at] = outcome.and_then(|mut only| only.pop().ok_or_else(unread));
    }
    let mut by_item: Vec<Vec<(Outcome<LineTone>, usize)>> =
        texts.iter().map(|_| Vec::new()).collect();
    for (piece, reading) in all.iter().zip(readings) {
        by_item[piece.item].push((reading, piece.tokens));
    }
    Ok(by_item
        .into_iter()
        .map(|pieces| match pieces.is_empty() {
            true => Ok(nothing_said(by)),
            false => together(pieces, by),
        })
        .collect())
}

/// A text, or a part of one.
struct Piece<'a> {
    item: usize,
    text: &'a str,
    tokens: usize,
}

/// What a model says about one line.
#[derive(Debug, Clone, Deserialize)]
struct LineTone {
    line: usize,
    label: String,
    score: f64,
}

#[derive(Deserialize)]
struct LineTones {
    readings: Vec<LineTone>,
}

fn packed<'p, 't>(all: &'p [Piece<'t>], tokens: usize, texts: usize) -> Vec<&'p [Piece<'t>]> {
    let mut packs = Vec::new();
    let (mut from, mut sum) = (0, 0);
    for (at, piece) in all.iter().enumerate() {
        let size = piece.tokens + LINE_OVERHEAD;
        if at > from && (sum + size > tokens || at - from == texts) {
            packs.push(&all[from..at]);
            (from, sum) = (at, 0);
        }
        sum += size;
    }
    if from < all.len() {
        packs.push(&all[from..]);
    }
    packs
}

async fn read_packs(
    model: &dyn TextModel,
    packs: &[&[Piece<'_>]],
) -> Result<Vec<Outcome<Vec<LineTone>>>> {
    let prompts: Vec<Prompt> = packs.iter().map(|pack| prompt(pack)).collect();
    ask(model, prompts, |at, value| {
        let expected = packs.get(at).map_or(0, |pack| pack.len());
        in_order(shaped::<LineTones>(value)?.readings, expected)
    })
    .await
}

fn prompt(pack: &[Piece<'_>]) -> Prompt {
    let schema = object([(
        "readings",
        array(object([
            ("line", integer()),
            ("label", one_of(&LABELS)),
            ("score", number()),
        ])),
    )]);
    let lines = pack.iter().enumerate().map(|(line, piece)| NumberedText {
        line,
        text: piece.text,
    });
    let mut prompt = prompt_on(Method::Sentiment, TASK, schema, "texts", lines);
    prompt.items = pack.len() as u64;
    prompt
}

/// One reading a line, in the order of the lines, each on the scale.
fn in_order(readings: Vec<LineTone>, expected: usize) -> Result<Vec<LineTone>, Problem> {
    let mut places: Vec<Option<LineTone>> = Vec::new();
    places.resize_with(expected, || None);
    for reading in readings {
        let line = reading.line;
        if !(-1.0..=1.0).contains(&reading.score) {
            return Err(Problem::new(format!(
                "the score of line {line} is not from -1 to 1"
            )));
        }
        if !LABELS.contains(&reading.label.as_str()) {
            let problem = format!("the label of line {line} is not one of the four");
            return Err(Problem::new(problem));
        }
        if !agree(&reading.label, reading.score) {
            let problem = format!("label and score of line {line} contradict each other");
            return Err(Problem::new(problem));
        }
        match places.get_mut(line) {
            Some(place @ None) => *place = Some(reading),
            Some(Some(_)) => return Err(Problem::new(format!("line {line} is read twice"))),
            None => return Err(Problem::new(format!("there is no line {line}"))),
        }
    }
    let missing = places.iter().position(Option::is_none);
    match missing {
        Some(line) => Err(Problem::new(format!("line {line} is missing"))),
        None => Ok(places.into_iter().flatten().collect()),
    }
}

fn together(pieces: Vec<(Outcome<LineTone>, usize)>, by: &Provenance) -> Outcome<TextSentiment> {
    let mut readings = Vec::with_capacity(pieces.len());
    for (outcome, tokens) in pieces {
        readings.push((outcome?, tokens as f64));
    }
    let raw = |reading: &LineTone| json!({"label": reading.label, "score": reading.score});
    if let [(reading, _)] = readings.as_slice() {
        return Ok(TextSentiment {
            sentiment: Sentiment {
                score: reading.score,
                label: SentimentLabel::parse(&reading.label).ok_or_else(unread)?,
            },
            raw: raw(reading),
            by: by.clone(),
        });
    }
    let whole: f64 = readings.iter().map(|(_, tokens)| tokens).sum();
    let share = |label: &str| {
        let of_label = readings
            .iter()
            .filter(|(reading, _)| reading.label == label);
        of_label.map(|(_, tokens)| tokens).sum::<f64>() / whole
    };
    let scores = readings
        .iter()
        .map(|(reading, tokens)| reading.score * tokens);
    let score = (scores.sum::<f64>() / whole).clamp(-1.0, 1.0);
    let heaviest = LABELS
        .into_iter()
        .max_by(|left, right| share(left).total_cmp(&share(right)));
    let both = share("positive") >= MIXED_SHARE && share("negative") >= MIXED_SHARE;
    let label = match heaviest {
        _ if both => "mixed",
        Some(label) if agree(label, score) => label,
        // Few strong words outweigh many weak ones of another kind.
        _ => "mixed",
    };
    Ok(TextSentiment {
        sentiment: Sentiment {
            score,
            label: SentimentLabel::parse(label).ok_or_else(unread)?,
        },
        raw: readings.iter().map(|(reading, _)| raw(reading)).collect(),
        by: by.clone(),
    })
}

/// Whether a label and a score can stand for the same tone.
fn agree(label: &str, score: f64) -> bool {
    match label {
        "positive" => score > 0.0,
        "negative" => score < 0.0,
        "neutral" => score.abs() <= CLEAR_TONE,
        _ => true,
    }
}

fn nothing_said(by: &Provenance) -> TextSentiment {
    TextSentiment {
        sentiment: Sentiment {
            score: 0.0,
            label: SentimentLabel::Neutral,
        },
        raw: Value::Null,
        by: by.clone(),
    }
}

/// Whether an error may be due to one of several texts, and not to the service.
fn is_about_the_content(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Decode | ErrorKind::Unsupported | ErrorKind::InvalidInput
    ) || error.field() == Some("max_tokens")
}

fn unread() -> Error {
    Error::new(ErrorKind::Internal, "a text was left out of the readings")
}
