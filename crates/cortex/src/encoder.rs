//! Texts as hashed bags of stems and of their runs of three letters.
//!
//! Each stem of a text adds to one of 1,024 components, with a sign: the logarithm of
//! how rare it is in general, times the root of how often the text says it. Its runs of
//! three letters together add as much again, so that words of one family and misspelt
//! words are not strangers. The sum is cut to unit length. There is nothing to train and
//! nothing to download, texts are similar when they share rare words, and word order
//! does not count. The root, the logarithm and the letters were chosen on customer
//! intents (BANKING77); docs/quality.md tells what they give.

use crate::Embedding;
use crate::text::{Stemming, inverse_document_frequency, without_annotations};

/// Number of components.
pub(crate) const DIMENSIONS: usize = 1_024;

/// Changes whenever the same text would get another vector.
pub(crate) const MODEL: &str = "local-hash-1024-v2";

/// Letters of a run; the ends of a stem count as letters.
const RUN: usize = 3;

/// Weight of a stem that every text holds.
const LEAST_WEIGHT: f32 = 0.1;

/// Encodes texts one after the other, reusing what it knows of words.
pub(crate) struct Encoder {
    stemming: Stemming,
    /// By number of the stem: the components, and what the stem adds to each.
    components: Vec<Box<[(usize, f32)]>>,
    /// By number of the stem: where the text that is being read holds it, if it does.
    places: Vec<Option<usize>>,
}

impl Encoder {
    pub(crate) fn new() -> Self {
        Self {
            stemming: Stemming::new(),
            components: Vec::new(),
            places: Vec::new(),
        }
    }

    /// The vector of a text, to the last bit the same whatever was encoded before.
    pub(crate) fn encode(&mut self, text: &str) -> Embedding {
        let text = without_annotations(text);
        // Stems in the order in which the text has them: sums of floats depend on it, and
        // the order of numbers depends on the texts before.
        let mut counted: Vec<(usize, usize)> = Vec::new();
        for word in super::text::words(&text) {
            let number = self.stemming.number(word);
            if number == self.components.len() {
                let stem = self.stemming.numbered(number);
                self.components.push(components_of(stem));
                self.places.push(None);
            }
            match self.places[number] {
                Some(place) => counted[place].1 += 1,
                None => {
                    self.places[number] = Some(counted.len());
                    counted.push((number, 1));
                }
            }
        }
        let mut vector = vec![0.0_f32; DIMENSIONS];
        for (number, count) in counted {
            self.places[number] = None;
            #[allow(clippy::cast_precision_loss)] // words of a text
            let frequency = (count as f32).sqrt();
            for (component, weight) in &self.components[number] {
                vector[*component] += weight * frequency;
            }
        }
        crate::embedding::normalize(&mut vector);
        Embedding {
            model: MODEL.into(),
            vector,
        }
    }
}

/// What a stem adds to which components: its weight to its own, and the same, in root
/// mean square, to those of its runs of letters.
fn components_of(stem: &str) -> Box<[(usize, f32)]> {
    let weight = (inverse_document_frequency(stem) - 1.0).max(LEAST_WEIGHT);
    let (component, sign) = component_of(&[stem]);
    let mut components = vec![(component, sign * weight)];
    let letters = format!("<{stem}>");
    let starts = letters.char_indices().map(|(start, _)| start);
    let bounds: Vec<usize> = starts.chain([letters.len()]).collect();
    let runs = bounds.windows(RUN + 1);
    #[allow(clippy::cast_precision_loss)] // letters of a word
    let share = weight / (runs.len().max(1) as f32).sqrt();
    for run in runs {
        let run = &letters[run[0]..run[RUN]];
        let (component, sign) = component_of(&["#", run]);
        components.push((component, sign * share));
    }
    components.into()
}

/// The component and sign of a stem or, after `#`, a run of letters: FNV-1a with
/// murmur's finaliser. Vectors are stored, so the hash must never change under the same
/// model name; the standard library's may change between releases.
fn component_of(parts: &[&str]) -> (usize, f32) {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.iter().flat_map(|part| part.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^= hash >> 33;
    let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
    #[allow(clippy::cast_possible_truncation)] // the remainder is below 1,024
    let component = (hash % DIMENSIONS as u64) as usize;
    (component, sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(left: &str, right: &str) -> f64 {
        let mut encoder = Encoder::new();
        let (left, right) = (encoder.encode(left), encoder.encode(right));
        left.cosine(&right).unwrap()
    }

    #[test]
    fn words_of_one_family_are_closer_than_strangers() {
        let family = cosine("encryption", "cryptography");
        assert!(family > cosine("encryption", "marketing") + 0.1, "{family}");
        let misspelt = cosine("the onboarding plan", "the onbaording plan");
        assert!(misspelt > cosine("the onboarding plan", "the expansion plan"));
    }

    #[test]
    fn a_vector_does_not_depend_on_the_texts_before() {
        // Enough words that three and more share a component.
        let words: Vec<String> = (0..500).map(|number| format!("word{number}")).collect();
        let text = words.join(" ");
        let backwards: Vec<String> = words.into_iter().rev().collect();
        let alone = Encoder::new().encode(&text);
        let mut encoder = Encoder::new();
        encoder.encode(&backwards.join(" "));
        assert_eq!(encoder.encode(&text), alone);
    }

    #[test]
    fn a_word_said_again_counts_less_than_the_first_time() {
        let once = cosine("refund", "refund invoice");
        let four_times = cosine("refund", "refund refund refund refund invoice");
        let eight_times = cosine(
            "refund",
            "refund refund refund refund refund refund refund refund invoice",
        );
        assert!(four_times - once > eight_times - four_times);
        assert!((cosine("refund", "Refunds!") - 1.0).abs() < 1e-6);
    }
}
