//! The tone of a call, from the sentiment of its sentences.

use calls::{Sentence, Sentiment, SentimentLabel};

/// A sentence weighs as many words as it has, up to this many: long sentences
/// carry more of a conversation than "Okay.", but a monologue that the
/// transcription did not split must not outweigh everything else.
const MOST_WORDS: usize = 25;

/// A side of the scale speaks for the call from this share of all words.
const AUDIBLE_SHARE: f64 = 0.10;

/// The louder side names the tone from this many times the other.
const CLEARLY_LOUDER: f64 = 1.5;

/// Both sides from this share of all words make a mixed tone.
const MIXED_SHARE: f64 = 0.20;

/// A mean tone closer to 0 than this is neutral.
const NEUTRAL: f64 = 0.05;

/// What people call a mean tone; the one table of such words.
pub(crate) fn word(mean: f64) -> &'static str {
    if mean >= NEUTRAL {
        SentimentLabel::Positive.as_str()
    } else if mean <= -NEUTRAL {
        SentimentLabel::Negative.as_str()
    } else {
        SentimentLabel::Neutral.as_str()
    }
}

/// The tone of a call.
///
/// - Score: the mean of the sentence scores, each weighted by its number of
///   words (1 to 25). Neutral sentences count, so a call that is friendly twice
///   in an hour is not a friendly call.
/// - Label: from the backend's own labels, as backends cut their scales
///   differently. `positive` or `negative` when that side holds at least 10 % of
///   the words and 1.5 times the other side's, and the score says so too; `mixed` when both
///   hold at least 20 %; else `neutral`. So no call is positive with a score near 0.
///
/// `None` when no sentence has a tone.
pub(crate) fn tone_of_call<'a>(
    sentences: impl IntoIterator<Item = (&'a Sentence, &'a Sentiment)>,
) -> Option<Sentiment> {
    let (mut total, mut sum, mut positive, mut negative) = (0.0, 0.0, 0.0, 0.0);
    for (sentence, sentiment) in sentences {
        if !sentiment.score.is_finite() {
            continue;
        }
        let weight = sentence.word_count().clamp(1, MOST_WORDS) as f64;
        total += weight;
        sum += weight * sentiment.score.clamp(-1.0, 1.0);
        match sentiment.label {
            SentimentLabel::Positive => positive += weight,
            SentimentLabel::Negative => negative += weight,
            SentimentLabel::Mixed => {
                positive += weight / 2.0;
                negative += weight / 2.0;
            }
            _ => {}
        }
    }
    if total == 0.0 {
        return None;
    }
    let (positive, negative) = (positive / total, negative / total);
    let score = sum / total;
    let label =
        if score >= NEUTRAL && positive >= AUDIBLE_SHARE && positive >= CLEARLY_LOUDER * negative {
            SentimentLabel::Positive
        } else if score <= -NEUTRAL
            && negative >= AUDIBLE_SHARE
            && negative >= CLEARLY_LOUDER * positive
        {
            SentimentLabel::Negative
        } else if positive >= MIXED_SHARE && negative >= MIXED_SHARE {
            SentimentLabel::Mixed
        } else {
            SentimentLabel::Neutral
        };
    Some(Sentiment { score, label })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(text: &str) -> Sentence {
        Sentence {
            index: 0,
            speaker_id: None,
            topic: None,
            start_ms: 0,
            end_ms: 1,
            text: text.to_owned(),
        }
    }

    fn tone(score: f64, label: SentimentLabel) -> Sentiment {
        Sentiment { score, label }
    }

    #[test]
    fn words_weigh_and_neutral_sentences_count() {
        let long = sentence("we would really like to go on with this");
        let short = sentence("no");
        let call = tone_of_call([
            (&long, &tone(0.9, SentimentLabel::Positive)),
            (&short, &tone(-0.9, SentimentLabel::Negative)),
        ]);
        let call = call.unwrap();
        assert!((call.score - 0.72).abs() < 1e-9, "{}", call.score);
        assert_eq!(call.label, SentimentLabel::Positive);
    }

    #[test]
    fn a_label_never_speaks_against_the_score() {
        let words = sentence("one two three four five six seven eight nine ten");
        let few = sentence("one two three");
        // Many mild complaints beside one delighted sentence: the mean is above 0.
        let call = tone_of_call([
            (&words, &tone(-0.1, SentimentLabel::Negative)),
            (&words, &tone(0.0, SentimentLabel::Neutral)),
            (&few, &tone(0.9, SentimentLabel::Positive)),
        ]);
        let call = call.unwrap();
        assert!(call.score > 0.0, "{}", call.score);
        assert_eq!(call.label, SentimentLabel::Neutral);
        // All of it friendly by a hair is not a positive call.
        let faint = tone_of_call([(&words, &tone(0.02, SentimentLabel::Positive))]);
        assert_eq!(faint.unwrap().label, SentimentLabel::Neutral);
    }

    #[test]
    fn two_loud_sides_are_mixed_and_silence_has_no_tone() {
        let words = sentence("one two three");
        let call = tone_of_call([
            (&words, &tone(0.5, SentimentLabel::Positive)),
            (&words, &tone(-0.5, SentimentLabel::Negative)),
        ]);
        assert_eq!(call.unwrap().label, SentimentLabel::Mixed);
        assert_eq!(tone_of_call([]), None);
    }
}
