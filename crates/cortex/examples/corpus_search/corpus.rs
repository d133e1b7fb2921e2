//! Seeded calls and queries.

use std::error::Error;

use cortex::search::corpus::{CallFilter, ChunkId, CorpusChunk, CorpusQuery};
use cortex::{Embedding, LanguageBackend, LocalLanguage};
use fastrand::Rng;

pub(crate) const CHUNKS_A_CALL: usize = 100;

/// `stem<TAB>texts that hold it`, of 137,337 real texts.
const FREQUENCIES: &str = include_str!("../../data/document_frequencies.tsv");
const DIMENSION: usize = 1_024;
/// Themes of dense vectors; those with low numbers are frequent.
const THEMES: usize = 500;
/// Words that a call keeps coming back to.
const WORDS_OF_A_CALL: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueryKind {
    /// Three to eight words of a chunk, frequent ones among them.
    Question,
    /// A chunk of an indexed call that was not indexed.
    Passage,
    /// The mean of thirty such chunks, as a search for similar calls takes it.
    Call,
}

impl QueryKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Passage => "passage",
            Self::Call => "call",
        }
    }
}

/// Queries of one kind.
pub(crate) type QueriesOfKind = (QueryKind, Vec<CorpusQuery>);

pub(crate) struct Corpus {
    runtime: tokio::runtime::Runtime,
    language: LocalLanguage,
    words: Vec<&'static str>,
    /// By word: how often it or one before it occurs.
    cumulative: Vec<u64>,
    /// Directions of dense vectors: what all share, then themes.
    directions: Option<Vec<Vec<f32>>>,
    calls: usize,
}

impl Corpus {
    pub(crate) fn new(is_dense: bool, calls: usize) -> Result<Self, Box<dyn Error>> {
        let mut words = Vec::new();
        let mut cumulative = Vec::new();
        let mut sum = 0;
        for line in FREQUENCIES.lines() {
            if let Some((word, count)) = line.split_once('\t')
                && !word.is_empty()
            {
                sum += count.parse::<u64>()?;
                words.push(word);
                cumulative.push(sum);
            }
        }
        let mut rng = Rng::with_seed(1);
        let mut directions = || (0..=THEMES).map(|_| noise(&mut rng)).collect();
        Ok(Self {
            runtime: tokio::runtime::Builder::new_current_thread().build()?,
            language: LocalLanguage::new(),
            words,
            cumulative,
            directions: is_dense.then(&mut directions),
            calls,
        })
    }

    pub(crate) fn chunks_of_call(&self, call: usize) -> Result<Vec<CorpusChunk>, Box<dyn Error>> {
        let mut rng = Rng::with_seed(call as u64 + 1_000);
        let theme = self.theme(call);
        let (texts, embeddings) = self.pieces(call, &theme, &mut rng, CHUNKS_A_CALL)?;
        let chunks = texts.into_iter().zip(embeddings).enumerate();
        Ok(chunks
            .map(|(at, (text, embedding))| CorpusChunk {
                id: ChunkId::new(format!("call-{call:08}"), (at * 6) as u32),
                text,
                embedding: Some(embedding),
            })
            .collect())
    }

    pub(crate) fn queries(&mut self, count: usize) -> Result<Vec<QueriesOfKind>, Box<dyn Error>> {
        let mut rng = Rng::with_seed(7);
        let mut kinds = vec![(QueryKind::Passage, 1), (QueryKind::Call, 30)];
        if self.directions.is_none() {
            kinds.insert(0, (QueryKind::Question, 0));
        }
        let mut all = Vec::new();
        for (kind, pieces) in kinds {
            let mut queries = Vec::with_capacity(count);
            for _ in 0..count {
                let call = rng.usize(..self.calls);
                let theme = self.theme(call);
                let (words, embedding) = if kind == QueryKind::Question {
                    let (texts, _) = self.pieces(call, &theme, &mut rng, 1)?;
                    let said: Vec<&str> = texts[0].split(' ').collect();
                    let words = (0..rng.usize(3..=8)).map(|_| said[rng.usize(..said.len())]);
                    let words = words.collect::<Vec<_>>().join(" ");
                    let embedding = self.embedded(std::slice::from_ref(&words))?.swap_remove(0);
                    (words, embedding)
                } else {
                    let (_, embeddings) = self.pieces(call, &theme, &mut rng, pieces)?;
                    (String::new(), mean(&embeddings))
                };
                queries.push(CorpusQuery {
                    words,
                    embedding: Some(embedding),
                    calls: CallFilter::All,
                    k: 10,
                });
            }
            all.push((kind, queries));
        }
        Ok(all)
    }

    /// What a call is about.
    fn theme(&self, call: usize) -> Theme {
        let mut rng = Rng::with_seed(call as u64);
        let theme = (THEMES as f64).powf(rng.f64()) as usize;
        Theme {
            words: (0..WORDS_OF_A_CALL)
                .map(|_| rng.usize(..self.words.len()))
                .collect(),
            theme: theme.clamp(1, THEMES),
            direction: if self.directions.is_some() {
                noise(&mut rng)
            } else {
                Vec::new()
            },
        }
    }

    /// Texts, empty for dense vectors, and their vectors.
    fn pieces(
        &self,
        call: usize,
        theme: &Theme,
        rng: &mut Rng,
        count: usize,
    ) -> Result<(Vec<String>, Vec<Embedding>), Box<dyn Error>> {
        if let Some(directions) = &self.directions {
            let embeddings = (0..count)
                .map(|_| {
                    let parts = [
                        (0.6, &directions[0]),
                        (0.6, &directions[theme.theme]),
                        (0.4, &theme.direction),
                        (0.6, &noise(rng)),
                    ];
                    unit((0..DIMENSION).map(|at| parts.iter().map(|(w, p)| w * p[at]).sum()))
                })
                .collect();
            return Ok((vec![String::new(); count], embeddings));
        }
        let texts: Vec<String> = (0..count)
            .map(|_| {
                let length = rng.usize(60..=140);
                let words = (0..length).map(|_| self.word(call, theme, rng));
                words.collect::<Vec<_>>().join(" ")
            })
            .collect();
        let embeddings = self.embedded(&texts)?;
        Ok((texts, embeddings))
    }

    /// One word in five is the call's own, one in a hundred a name.
    fn word(&self, call: usize, theme: &Theme, rng: &mut Rng) -> String {
        match rng.u32(..100) {
            0 => format!("account{}", call % 50_000),
            1..=20 => {
                // The first of a call's words are its most frequent.
                let at = (WORDS_OF_A_CALL as f64).powf(rng.f64()) as usize - 1;
                self.words[theme.words[at]].to_owned()
            }
            _ => {
                let total = self.cumulative.last().copied().unwrap_or(1);
                let drawn = rng.u64(..total);
                let at = self.cumulative.partition_point(|sum| *sum <= drawn);
                self.words[at].to_owned()
            }
        }
    }

    fn embedded(&self, texts: &[String]) -> Result<Vec<Embedding>, Box<dyn Error>> {
        let outcomes = self.runtime.block_on(self.language.embed(texts))?;
        Ok(outcomes.into_iter().collect::<cortex::Result<_>>()?)
    }
}

struct Theme {
    words: Vec<usize>,
    theme: usize,
    direction: Vec<f32>,
}

/// Independent components, nearly normal, of a length of about 1.
fn noise(rng: &mut Rng) -> Vec<f32> {
    let scale = (3.0 / DIMENSION as f32).sqrt() / 65_536.0;
    (0..DIMENSION)
        .map(|_| {
            let bits = rng.u64(..);
            let sum: f32 = (0..4)
                .map(|part| ((bits >> (16 * part)) & 0xffff) as f32)
                .sum();
            (sum - 131_070.0) * scale
        })
        .collect()
}

fn mean(embeddings: &[Embedding]) -> Embedding {
    let sum = (0..DIMENSION).map(|at| embeddings.iter().map(|one| one.vector[at]).sum());
    let model = embeddings
        .first()
        .map_or(String::new(), |one| one.model.clone());
    Embedding { model, ..unit(sum) }
}

fn unit(components: impl Iterator<Item = f32>) -> Embedding {
    let vector: Vec<f32> = components.collect();
    let length = vector
        .iter()
        .map(|c| c * c)
        .sum::<f32>()
        .sqrt()
        .max(f32::MIN_POSITIVE);
    Embedding {
        model: "dense".into(),
        vector: vector.iter().map(|c| c / length).collect(),
    }
}
