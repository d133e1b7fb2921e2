//! Seeded calls and queries.
//!
//! Texts have 60 to 140 words with the word frequencies of real conversations, a fifth of
//! them the call's own. Dense vectors are made of a direction that all share, one of 500
//! themes, the call and noise; the largest themes have tens of thousands of chunks that
//! differ by noise only.

use std::error::Error;

use fastrand::Rng;
use snowflake_store::{Chunk, ChunkEmbedding};

/// As many as a call of 300 sentences has.
pub(crate) const CHUNKS_OF_A_CALL: usize = 22;

/// `stem<TAB>texts that hold it`, of 137,337 real texts.
const FREQUENCIES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../cortex/data/document_frequencies.tsv"
);
const TEXTS: f32 = 137_337.0;
/// Themes of dense vectors; those with low numbers are frequent.
const THEMES: usize = 500;
/// Words that a call keeps coming back to.
const WORDS_OF_A_CALL: usize = 40;

pub(crate) struct Query {
    /// Empty for what is asked by a vector only.
    pub(crate) words: String,
    pub(crate) embedding: ChunkEmbedding,
}

pub(crate) struct Corpus {
    words: Vec<String>,
    /// By word: how often it or one before it occurs.
    cumulative: Vec<u64>,
    /// By word: its weight in a bag of words.
    weights: Vec<f32>,
    calls: usize,
    dimension: usize,
    /// Of dense vectors: what all share, then themes.
    directions: Option<Vec<Vec<f32>>>,
}

/// What a call is about.
struct Theme {
    words: Vec<usize>,
    number: usize,
    direction: Vec<f32>,
}

impl Corpus {
    pub(crate) fn new(
        calls: usize,
        dimension: usize,
        is_dense: bool,
    ) -> Result<Self, Box<dyn Error>> {
        let (mut words, mut cumulative, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        let mut sum = 0;
        for line in std::fs::read_to_string(FREQUENCIES)?.lines() {
            if let Some((word, count)) = line.split_once('\t')
                && !word.is_empty()
            {
                let count: u64 = count.parse()?;
                sum += count;
                words.push(word.to_owned());
                cumulative.push(sum);
                weights.push((TEXTS / count as f32).ln().max(0.1));
            }
        }
        let mut rng = Rng::with_seed(1);
        let mut directions = || (0..=THEMES).map(|_| noise(&mut rng, dimension)).collect();
        Ok(Self {
            directions: is_dense.then(&mut directions),
            words,
            cumulative,
            weights,
            calls,
            dimension,
        })
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls
    }

    pub(crate) fn chunks(&self, call: usize) -> Vec<Chunk> {
        let mut rng = Rng::with_seed(call as u64 + 1_000_000);
        let theme = self.theme(call);
        let chunks = (0..CHUNKS_OF_A_CALL).map(|at| {
            let said = self.said(call, &theme, &mut rng);
            Chunk {
                first_sentence: at as u32,
                last_sentence: at as u32,
                sentiment: None,
                embedding: Some(self.embedding(&said, &theme, &mut rng)),
                text: self.text(&said, call),
            }
        });
        chunks.collect()
    }

    /// Queries by kind: three to eight words of a chunk, frequent ones among them; a chunk
    /// that is not stored; the mean of thirty such, as a search for similar calls takes it.
    pub(crate) fn queries(&self, count: usize) -> [(&'static str, Vec<Query>); 3] {
        let mut rng = Rng::with_seed(7);
        let mut of_kind = |pieces: usize| {
            let query = |_| {
                let call = rng.usize(..self.calls);
                let theme = self.theme(call);
                let mut said = self.said(call, &theme, &mut rng);
                if pieces == 0 {
                    rng.shuffle(&mut said);
                    said.truncate(rng.usize(3..=8));
                }
                let all: Vec<ChunkEmbedding> = (0..pieces.max(1))
                    .map(|piece| {
                        if piece > 0 {
                            said = self.said(call, &theme, &mut rng);
                        }
                        self.embedding(&said, &theme, &mut rng)
                    })
                    .collect();
                Query {
                    words: if pieces == 0 {
                        self.text(&said, call)
                    } else {
                        String::new()
                    },
                    embedding: mean(&all),
                }
            };
            (0..count).map(query).collect()
        };
        [
            ("question", of_kind(0)),
            ("passage", of_kind(1)),
            ("call", of_kind(30)),
        ]
    }

    fn theme(&self, call: usize) -> Theme {
        let mut rng = Rng::with_seed(call as u64);
        let number = (THEMES as f64).powf(rng.f64()) as usize;
        let words = (0..WORDS_OF_A_CALL).map(|_| rng.usize(..self.words.len()));
        Theme {
            number: number.clamp(1, THEMES),
            words: words.collect(),
            direction: if self.directions.is_some() {
                noise(&mut rng, self.dimension)
            } else {
                Vec::new()
            },
        }
    }

    /// The words of a piece, by number; one past the last stands for the customer's name.
    fn said(&self, call: usize, theme: &Theme, rng: &mut Rng) -> Vec<usize> {
        debug_assert!(call < self.calls);
        let word = |rng: &mut Rng| match rng.u32(..100) {
            0 => self.words.len(),
            1..=20 => {
                // The first of a call's words are its most frequent.
                theme.words[(WORDS_OF_A_CALL as f64).powf(rng.f64()) as usize - 1]
            }
            _ => {
                let total = self.cumulative.last().copied().unwrap_or(1);
                let drawn = rng.u64(..total);
                self.cumulative.partition_point(|sum| *sum <= drawn)
            }
        };
        (0..rng.usize(60..=140)).map(|_| word(rng)).collect()
    }

    fn text(&self, said: &[usize], call: usize) -> String {
        let words = said.iter().map(|word| match self.words.get(*word) {
            Some(word) => word.clone(),
            None => format!("account{call}"),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn embedding(&self, said: &[usize], theme: &Theme, rng: &mut Rng) -> ChunkEmbedding {
        let Some(directions) = &self.directions else {
            let mut vector = vec![0.0; self.dimension];
            for word in said {
                // A word has a component and a sign of its own.
                let mut own = Rng::with_seed(*word as u64);
                let sign = if own.bool() { 1.0 } else { -1.0 };
                let weight = self.weights.get(*word).copied().unwrap_or(10.0);
                vector[own.usize(..self.dimension)] += sign * weight;
            }
            return unit(vector);
        };
        let noise = noise(rng, self.dimension);
        let component = |at: usize| {
            0.6 * directions[0][at]
                + 0.6 * directions[theme.number][at]
                + 0.4 * theme.direction[at]
                + 0.6 * noise[at]
        };
        unit((0..self.dimension).map(component).collect())
    }
}

/// Independent components, nearly normal, of a length of about 1.
fn noise(rng: &mut Rng, dimension: usize) -> Vec<f32> {
    let scale = (3.0 / dimension as f32).sqrt() / 65_536.0;
    (0..dimension)
        .map(|_| {
            let bits = rng.u64(..);
            let sum: f32 = (0..4)
                .map(|part| ((bits >> (16 * part)) & 0xffff) as f32)
                .sum();
            (sum - 131_070.0) * scale
        })
        .collect()
}

fn mean(embeddings: &[ChunkEmbedding]) -> ChunkEmbedding {
    let dimension = embeddings.first().map_or(0, |one| one.vector.len());
    let sum = |at: usize| embeddings.iter().map(|one| one.vector[at]).sum();
    unit((0..dimension).map(sum).collect())
}

fn unit(vector: Vec<f32>) -> ChunkEmbedding {
    let square: f32 = vector.iter().map(|component| component * component).sum();
    let length = square.sqrt().max(f32::MIN_POSITIVE);
    ChunkEmbedding {
        model: "bench".to_owned(),
        vector: vector.iter().map(|component| component / length).collect(),
    }
}
