//! The sentiment of texts by AI_SENTIMENT, or by SENTIMENT.

use calls::{Provenance, Sentiment, SentimentLabel};
use resilience::ErrorKind;
use serde_json::{Value, json};

use super::backend::CortexSql;
use super::config::Functions;
use super::input::Cut;
use super::rows::{object_of, settled};
use super::statements;
use crate::generative::estimated_tokens;
use crate::{Error, LanguageBackend, Method, Outcome, Result, TextSentiment};

/// AI_SENTIMENT reads 2,048 tokens and SENTIMENT 512; longer texts are an error. The
/// estimate errs on the safe side, so this is the limit itself.
const AI_TOKENS: usize = 2_048;
const LEGACY_TOKENS: usize = 512;

/// From this share of the tokens on, a text that is both is mixed.
const MIXED_SHARE: f64 = 0.25;

/// SENTIMENT's number is positive from here on, and negative from its negative.
const LEGACY_THRESHOLD: f64 = 0.5;

impl CortexSql {
    /// A text that is too long is read in pieces: its score is the mean by tokens, its
    /// label that of most tokens, or mixed when a quarter each is positive and negative.
    /// A blank text is neutral without being asked.
    ///
    /// AI_SENTIMENT gives labels and no number: positive is 1, negative -1, neutral and
    /// mixed 0. SENTIMENT gives a number, which stands for certainty more than strength;
    /// from 0.5 on it is positive, from -0.5 on negative (Snowflake's own bounds).
    pub(super) async fn sentiments(&self, texts: &[String]) -> Result<Vec<Outcome<TextSentiment>>> {
        let most_tokens = match self.config.functions {
            Functions::Ai => AI_TOKENS,
            Functions::Legacy => LEGACY_TOKENS,
        };
        let text = statements::sentiment(self.config.functions);
        let cut = Cut::new(texts.iter().map(String::as_str), most_tokens);
        let replies = self.asker.batch().ask(&text, &[], &cut.inputs()).await;
        let outcomes = settled(text.name(), replies)?;
        let by = self.provenance_of(Method::Sentiment);
        Ok(cut
            .with_outcomes(outcomes)
            .map(|pieces| together(pieces, &by))
            .collect())
    }
}

/// What one piece says.
struct Tone {
    sentiment: Sentiment,
    raw: Value,
    weight: f64,
}

fn together(pieces: Vec<(&str, Outcome<Value>)>, by: &Provenance) -> Outcome<TextSentiment> {
    let mut tones = Vec::with_capacity(pieces.len());
    for (piece, value) in pieces {
        let raw = object_of(value?);
        let sentiment = tone_of(&raw)
            .ok_or_else(|| Error::new(ErrorKind::Decode, "the reply holds no overall sentiment"))?;
        tones.push(Tone {
            sentiment,
            raw,
            weight: estimated_tokens(piece).max(1) as f64,
        });
    }
    let reading = |sentiment, raw| TextSentiment {
        sentiment,
        raw,
        by: by.clone(),
    };
    if tones.is_empty() {
        let neutral = Sentiment {
            score: 0.0,
            label: SentimentLabel::Neutral,
        };
        return Ok(reading(neutral, Value::Null));
    }
    if tones.len() == 1 {
        let only = tones.remove(0);
        return Ok(reading(only.sentiment, only.raw));
    }
    let whole: f64 = tones.iter().map(|tone| tone.weight).sum();
    let share = |label: SentimentLabel| {
        let of_label = tones.iter().filter(|tone| tone.sentiment.label == label);
        of_label.map(|tone| tone.weight).sum::<f64>() / whole
    };
    let labels = [
        SentimentLabel::Positive,
        SentimentLabel::Neutral,
        SentimentLabel::Negative,
        SentimentLabel::Mixed,
    ];
    let is_both = share(SentimentLabel::Positive) >= MIXED_SHARE
        && share(SentimentLabel::Negative) >= MIXED_SHARE;
    let heaviest = labels
        .into_iter()
        .max_by(|left, right| share(*left).total_cmp(&share(*right)));
    let score = tones.iter().map(|tone| tone.sentiment.score * tone.weight);
    let sentiment = Sentiment {
        score: (score.sum::<f64>() / whole).clamp(-1.0, 1.0),
        label: match is_both {
            true => SentimentLabel::Mixed,
            false => heaviest.unwrap_or(SentimentLabel::Neutral),
        },
    };
    Ok(reading(
        sentiment,
        tones.into_iter().map(|tone| tone.raw).collect(),
    ))
}

/// A number of SENTIMENT, or the `overall` entry of AI_SENTIMENT.
fn tone_of(raw: &Value) -> Option<Sentiment> {
    if let Some(score) = raw.as_f64() {
        let label = if score >= LEGACY_THRESHOLD {
            SentimentLabel::Positive
        } else if score <= -LEGACY_THRESHOLD {
            SentimentLabel::Negative
        } else {
            SentimentLabel::Neutral
        };
        return (-1.0..=1.0)
            .contains(&score)
            .then_some(Sentiment { score, label });
    }
    let categories = raw.get("categories")?.as_array()?;
    let overall = categories
        .iter()
        .find(|category| category.get("name") == Some(&json!("overall")))?;
    let (score, label) = match overall.get("sentiment")?.as_str()? {
        "positive" => (1.0, SentimentLabel::Positive),
        "negative" => (-1.0, SentimentLabel::Negative),
        "mixed" => (0.0, SentimentLabel::Mixed),
        // "unknown" is that nothing in the text speaks of it.
        "neutral" | "unknown" => (0.0, SentimentLabel::Neutral),
        _ => return None,
    };
    Some(Sentiment { score, label })
}
