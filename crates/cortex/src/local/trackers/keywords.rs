//! A tracker's phrases, and where they are in a sentence.

use foldhash::HashMap;
use rust_stemmers::Algorithm;

use super::KeywordTracker;
use super::settings::MULTIPLE_LANGUAGES;
use crate::text::{Stemming, in_lower_case, words};

/// The phrases of one tracker that count in a call's language.
pub(super) struct Keywords {
    phrases: Vec<Phrase>,
    /// Whether and how each way of comparing is used: the very words, or stems.
    ways: Vec<Way>,
}

struct Phrase {
    /// Position among the tracker's keywords, over all languages.
    position: usize,
    way: usize,
    words: Vec<String>,
}

struct Way {
    stemming: Option<Stemming>,
    /// Positions in `phrases`, by first word.
    by_first_word: HashMap<String, Vec<usize>>,
}

impl Keywords {
    /// Those of a tracker; `language` is the call's, in ISO 639-2/B, and every
    /// language's count when it is unknown.
    pub(super) fn of(tracker: &KeywordTracker, language: Option<&str>) -> Self {
        let mut keywords = Self {
            phrases: Vec::new(),
            ways: Vec::new(),
        };
        let mut position = 0;
        for group in &tracker.language_keywords {
            let first = position;
            position += group.keywords.len();
            let counts = group.language == MULTIPLE_LANGUAGES
                || language.is_none_or(|language| language == group.language);
            if !counts {
                continue;
            }
            let algorithm = stemmer_of(&group.language).filter(|_| group.include_related_forms);
            keywords.ways.push(Way {
                stemming: algorithm.map(Stemming::with),
                by_first_word: HashMap::default(),
            });
            for (at, keyword) in group.keywords.iter().enumerate() {
                keywords.add(first + at, keyword);
            }
        }
        keywords
    }

    /// Adds a phrase to the last way of comparing.
    fn add(&mut self, position: usize, keyword: &str) {
        let way = self.ways.len() - 1;
        let words: Vec<String> = words(keyword)
            .map(|word| self.ways[way].as_compared(word))
            .collect();
        let Some(first) = words.first().cloned() else {
            return;
        };
        let by_first_word = &mut self.ways[way].by_first_word;
        by_first_word
            .entry(first)
            .or_default()
            .push(self.phrases.len());
        self.phrases.push(Phrase {
            position,
            way,
            words,
        });
    }

    /// The keywords said in a sentence, in order, by their positions. Of phrases that
    /// overlap the one that begins first counts, and of those the longest.
    pub(super) fn said_in(&mut self, sentence: &str) -> Vec<usize> {
        let spoken: Vec<&str> = words(sentence).collect();
        let compared: Vec<Vec<String>> = self
            .ways
            .iter_mut()
            .map(|way| spoken.iter().map(|word| way.as_compared(word)).collect())
            .collect();
        let mut said = Vec::new();
        let mut at = 0;
        while at < spoken.len() {
            let longest = self
                .ways
                .iter()
                .zip(&compared)
                .filter_map(|(way, compared)| way.by_first_word.get(&compared[at]))
                .flatten()
                .map(|phrase| &self.phrases[*phrase])
                .filter(|phrase| compared[phrase.way][at..].starts_with(&phrase.words))
                .max_by_key(|phrase| (phrase.words.len(), std::cmp::Reverse(phrase.position)));
            match longest {
                Some(phrase) => {
                    said.push(phrase.position);
                    at += phrase.words.len();
                }
                None => at += 1,
            }
        }
        said
    }
}

impl Way {
    /// Lower case without a possessive ending, or the stem.
    fn as_compared(&mut self, word: &str) -> String {
        match &mut self.stemming {
            Some(stemming) => stemming.stem(word).to_owned(),
            None => in_lower_case(word, |word| {
                word.strip_suffix("'s").unwrap_or(word).to_owned()
            }),
        }
    }
}

/// Snowball's stemmer of a language, by its ISO 639-2/B code.
fn stemmer_of(language: &str) -> Option<Algorithm> {
    Some(match language {
        "ara" => Algorithm::Arabic,
        "dan" => Algorithm::Danish,
        "dut" => Algorithm::Dutch,
        "eng" => Algorithm::English,
        "fin" => Algorithm::Finnish,
        "fre" => Algorithm::French,
        "ger" => Algorithm::German,
        "gre" => Algorithm::Greek,
        "hun" => Algorithm::Hungarian,
        "ita" => Algorithm::Italian,
        "nor" => Algorithm::Norwegian,
        "por" => Algorithm::Portuguese,
        "rum" => Algorithm::Romanian,
        "rus" => Algorithm::Russian,
        "spa" => Algorithm::Spanish,
        "swe" => Algorithm::Swedish,
        "tam" => Algorithm::Tamil,
        "tur" => Algorithm::Turkish,
        _ => return None,
    })
}
