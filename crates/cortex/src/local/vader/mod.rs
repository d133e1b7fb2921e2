//! VADER, rule for rule as Python's `vaderSentiment` 3.3.2 computes it.
//!
//! C. J. Hutto and E. Gilbert: VADER, a parsimonious rule-based model for sentiment
//! analysis of social media text (ICWSM-14). The original is the definition: all
//! four rounded scores are meant to be equal to its own, including those that come
//! from what look like slips in it. The places where other ports differ are marked.

mod contrast;
mod lexicon;
mod rounding;
mod rules;
mod token;

use contrast::weigh_clauses_around_but;
use rounding::round_as_python;
use token::Token;

/// The four scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scores {
    /// From -1 to 1, four decimals.
    pub(crate) compound: f64,
    /// Share of positive words, from 0 to 1, three decimals.
    pub(crate) positive: f64,
    /// Share of neutral words.
    pub(crate) neutral: f64,
    /// Share of negative words.
    pub(crate) negative: f64,
}

/// Scores texts one after the other, reusing its buffers.
#[derive(Debug, Default)]
pub(crate) struct Analyzer {
    tokens: Vec<Token>,
    valences: Vec<f64>,
}

impl Analyzer {
    pub(crate) fn score(&mut self, text: &str) -> Scores {
        let text = token::with_emoji_described(text);
        token::split(&text, &mut self.tokens);
        rules::valences(&self.tokens, &mut self.valences);
        weigh_clauses_around_but(&self.tokens, &mut self.valences);
        sum_up(&self.valences, emphasis(&text))
    }
}

/// What exclamation and question marks add. One question mark adds nothing.
fn emphasis(text: &str) -> f64 {
    let mut exclamations = 0_u32;
    let mut questions = 0_u32;
    for byte in text.bytes() {
        exclamations += u32::from(byte == b'!');
        questions += u32::from(byte == b'?');
    }
    let questioning = match questions {
        0 | 1 => 0.0,
        2 | 3 => f64::from(questions) * 0.18,
        _ => 0.96,
    };
    f64::from(exclamations.min(4)) * 0.292 + questioning
}

fn sum_up(valences: &[f64], emphasis: f64) -> Scores {
    if valences.is_empty() {
        return Scores {
            compound: 0.0,
            positive: 0.0,
            neutral: 0.0,
            negative: 0.0,
        };
    }
    // A fold from 0.0, as in Python: `Iterator::sum` starts at -0.0.
    let mut sum = valences.iter().fold(0.0, |sum, valence| sum + valence);
    if sum > 0.0 {
        sum += emphasis;
    } else if sum < 0.0 {
        sum -= emphasis;
    }
    let compound = (sum / (sum * sum + 15.0).sqrt()).clamp(-1.0, 1.0);

    let (mut positive, mut negative, mut neutral) = (0.0, 0.0, 0.0);
    for &valence in valences {
        if valence > 0.0 {
            positive += valence + 1.0;
        } else if valence < 0.0 {
            negative += valence - 1.0;
        } else {
            neutral += 1.0;
        }
    }
    if positive > f64::abs(negative) {
        positive += emphasis;
    } else if positive < f64::abs(negative) {
        negative -= emphasis;
    }
    let total = positive + f64::abs(negative) + neutral;
    Scores {
        compound: round_as_python(compound, 4),
        positive: round_as_python((positive / total).abs(), 3),
        neutral: round_as_python((neutral / total).abs(), 3),
        negative: round_as_python((negative / total).abs(), 3),
    }
}
