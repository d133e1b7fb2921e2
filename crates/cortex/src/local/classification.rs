//! Which label fits a text, from nothing but the labels' names.

use std::collections::{BTreeMap, HashMap};

use super::text::{Stemming, inverse_document_frequency};
use crate::{Classification, ClassifyRequest, Outcome};

/// `name: related words`, for labels that sales teams use; see the file.
const RELATED_WORDS: &str = include_str!("../../data/label_words.txt");

/// How much a related word counts beside a word of the name.
const RELATED_WEIGHT: f64 = 0.6;

/// Most words in a name that is given related ones.
const SHORT_NAME: usize = 2;

/// How sharply similarity turns into scores.
const SHARPNESS: f64 = 8.0;

/// Labels texts by the words they share with the label's name and with words that
/// are related to it. Long names say enough by themselves.
pub(super) struct Classifier {
    stemming: Stemming,
    related: HashMap<String, Vec<String>>,
}

impl Classifier {
    pub(super) fn new() -> Self {
        let mut stemming = Stemming::new();
        let related = RELATED_WORDS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(':'))
            .map(|(name, related)| {
                (
                    stemming.stem(name.trim()).to_owned(),
                    stemming.stems(related),
                )
            })
            .collect();
        Self { stemming, related }
    }

    pub(super) fn classify(&mut self, request: &ClassifyRequest) -> Outcome<Classification> {
        request.check_labels()?;
        let text = weights_of(self.stemming.stems(&request.text));
        let labels: Vec<Weights> = request
            .labels
            .iter()
            .map(|label| self.words_of_label(label))
            .collect();
        let similarities: Vec<f64> = labels
            .iter()
            .map(|label| similarity(&text, label))
            .collect();
        Ok(ranked(&request.labels, &similarities))
    }

    fn words_of_label(&mut self, label: &str) -> Weights {
        let spaced = with_camel_case_spaced(label);
        let stems = self.stemming.stems(&spaced);
        let mut weights = Weights::new();
        if stems.len() <= SHORT_NAME {
            let related = stems.iter().filter_map(|stem| self.related.get(stem));
            weights.extend(related.flatten().map(|stem| (stem.clone(), RELATED_WEIGHT)));
        }
        weights.extend(stems.into_iter().map(|stem| (stem, 1.0)));
        weights
    }
}

/// Stems with `(1 + ln tf) * idf`.
fn weights_of(stems: Vec<String>) -> Weights {
    let mut counts: HashMap<String, f64> = HashMap::new();
    for stem in stems {
        *counts.entry(stem).or_default() += 1.0;
    }
    counts
        .into_iter()
        .map(|(stem, count)| {
            let rarity = f64::from(inverse_document_frequency(&stem));
            (stem, (1.0 + count.ln()) * rarity)
        })
        .collect()
}

/// Weight by stem, in the order of the stems: sums of floats depend on their order.
type Weights = BTreeMap<String, f64>;

/// Cosine of a text and a label, from 0 to 1.
fn similarity(text: &Weights, label: &Weights) -> f64 {
    let mut shared = 0.0;
    let mut label_square = 0.0;
    for (stem, part) in label {
        let part = part * f64::from(inverse_document_frequency(stem));
        label_square += part * part;
        shared += text.get(stem).copied().unwrap_or(0.0) * part;
    }
    let text_square: f64 = text.values().map(|part| part * part).sum();
    if shared > 0.0 {
        shared / (label_square * text_square).sqrt()
    } else {
        0.0
    }
}

fn ranked(labels: &[String], similarities: &[f64]) -> Classification {
    let weights: Vec<f64> = similarities
        .iter()
        .map(|similarity| (SHARPNESS * similarity).exp())
        .collect();
    Classification::by_weights(labels, &weights)
}

/// `nextSteps` as `next Steps`; other separators cut words anyway.
fn with_camel_case_spaced(label: &str) -> String {
    let mut spaced = String::with_capacity(label.len() + 4);
    let mut after_lower_case = false;
    for symbol in label.chars() {
        if after_lower_case && symbol.is_uppercase() {
            spaced.push(' ');
        }
        after_lower_case = symbol.is_lowercase();
        spaced.push(symbol);
    }
    spaced
}
