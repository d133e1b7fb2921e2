//! Which language a conversation is in.

use resilience::ErrorKind;
use serde::{Deserialize, Serialize};

use super::text::{is_stop_word, without_annotations, words};
use crate::{Error, Outcome, Utterance};

/// The language that the local methods are made for, in ISO 639-3.
const ENGLISH: &str = "eng";

/// Bytes that are read; the first thousand letters of a meeting tell its language.
const SAMPLE: usize = 2_000;

/// With fewer letters than this, detection is wrong too often.
const FEWEST_LETTERS: usize = 200;

/// English is at least so rich in English function words, whatever else is in it.
const FEWEST_FUNCTION_WORDS: f64 = 0.15;

/// A language, and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DetectedLanguage {
    /// ISO 639-3 code, such as `eng`, `fra` or `deu`. For these it may differ from the
    /// ISO 639-2/B code in Gong's call data (`fre`, `ger`).
    pub code: String,
    /// From 0 to 1.
    pub confidence: f64,
    /// Whether the best language is clearly ahead of the second.
    pub is_reliable: bool,
}

/// The language of a conversation, from the beginning of what is said in it; `None`
/// when that is less than some 200 letters. A single sentence is too little: half of
/// them would be taken for something else.
/// For callers that choose a backend by language.
///
/// ```
/// use cortex::detect_language;
///
/// let said = [
///     "Bonjour à tous, merci d'être venus aujourd'hui pour cette présentation.",
///     "Nous allons parler du prix, du contrat et de la mise en place du produit.",
///     "Est-ce que vous pouvez nous dire combien de personnes vont l'utiliser chez vous ?",
///     "Nous serons une quarantaine au début de l'année, puis deux équipes de plus au printemps.",
/// ];
/// assert_eq!(detect_language(said).map(|language| language.code).as_deref(), Some("fra"));
/// assert!(detect_language(["Oui."]).is_none());
/// ```
pub fn detect_language<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<DetectedLanguage> {
    detected_in(&sample(texts))
}

/// `Unsupported` when a conversation is clearly in another language than English.
pub(super) fn check_is_english(utterances: &[Utterance]) -> Outcome<()> {
    check_texts_are_english(utterances.iter().map(|utterance| utterance.text.as_str()))
}

/// As [`check_is_english`], of texts.
pub(super) fn check_texts_are_english<'a>(texts: impl IntoIterator<Item = &'a str>) -> Outcome<()> {
    let sample = sample(texts);
    let Some(language) = detected_in(&sample) else {
        return Ok(());
    };
    if language.code == ENGLISH || !language.is_reliable || is_rich_in_function_words(&sample) {
        return Ok(());
    }
    let message = format!(
        "the local backend is made for English, and this is in another language ({})",
        language.code
    );
    Err(Error::new(ErrorKind::Unsupported, message).with_field("language"))
}

fn sample<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut sample = String::new();
    for text in texts {
        sample.push_str(&without_annotations(text));
        sample.push(' ');
        if sample.len() >= SAMPLE {
            break;
        }
    }
    sample
}

fn detected_in(sample: &str) -> Option<DetectedLanguage> {
    let letters = sample.chars().filter(|symbol| symbol.is_alphabetic());
    if letters.take(FEWEST_LETTERS).count() < FEWEST_LETTERS {
        return None;
    }
    let found = whatlang::detect(sample)?;
    Some(DetectedLanguage {
        code: found.lang().code().to_owned(),
        confidence: found.confidence(),
        is_reliable: found.is_reliable(),
    })
}

fn is_rich_in_function_words(sample: &str) -> bool {
    let all = words(sample).count();
    let function_words = words(sample).filter(|word| is_stop_word(word)).count();
    #[allow(clippy::cast_precision_loss)] // counts of words
    let share = function_words as f64 / all.max(1) as f64;
    share >= FEWEST_FUNCTION_WORDS
}
