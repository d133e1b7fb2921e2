//! How fast a corpus index answers, and how much of the true answer it finds.
//!
//! ```text
//! cargo run --release -p cortex --example corpus_search -- [CHUNKS] [hashed|dense] [CANDIDATES]
//! ```
//!
//! `hashed` writes seeded texts with the word frequencies of real conversations and has
//! `LocalLanguage` embed them; `dense` makes clustered vectors like those of a neural
//! model, without text. While chunks go in, each is compared exactly, in single
//! precision, with some of the later queries; the index's results are measured against
//! that. Wall time covers whole searches; CPU time, of the same searches on one thread,
//! is read from Linux and shows what a busy machine hides.

mod corpus;
mod exact;
mod measured;

use std::collections::HashMap;
use std::error::Error;
use std::time::Instant;

use cortex::Embedding;
use cortex::search::corpus::{ChunkId, CorpusIndex, CorpusQuery};

use self::corpus::{CHUNKS_A_CALL, Corpus, QueryKind};
use self::exact::Exact;
use self::measured::{Times, measure};

/// Queries of each kind.
const QUERIES: usize = 1_000;
/// Of these, how many are checked against exact search.
const CHECKED: usize = 150;
/// Of questions, how many joined answers are checked against exact ones: each takes a
/// ranking of all chunks.
const CHECKED_JOINED: usize = 25;
/// Hits that are asked for.
const K: usize = 10;
/// Weight of vectors in a joined score, as the index has it.
const VECTOR_WEIGHT: f64 = 0.5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let chunks: usize = arguments
        .next()
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let is_dense = arguments.next().is_some_and(|kind| kind == "dense");
    let candidates = arguments.next().map(|text| text.parse()).transpose()?;
    let calls = chunks.div_ceil(CHUNKS_A_CALL);

    let mut corpus = Corpus::new(is_dense, calls)?;
    let queries = corpus.queries(QUERIES)?;
    let checked: Vec<&CorpusQuery> = queries
        .iter()
        .flat_map(|(_, queries)| queries.iter().take(CHECKED))
        .collect();
    let vectors = checked.iter().filter_map(|query| query.embedding.as_ref());
    let mut exact = Exact::new(vectors.collect(), K, CHECKED_JOINED);

    let mut index = CorpusIndex::new();
    if let Some(candidates) = candidates {
        index = index.with_candidates(candidates);
    }
    let mut inserting = 0.0;
    for call in 0..calls {
        for chunk in corpus.chunks_of_call(call)? {
            if let Some(embedding) = &chunk.embedding {
                exact.compare(&chunk.id, embedding);
            }
            let start = Instant::now();
            index.insert(&chunk)?;
            inserting += start.elapsed().as_secs_f64();
        }
    }
    println!(
        "{} chunks inserted in {inserting:.1} s (making and comparing them not counted), \
         {} bytes a chunk; load of the machine {}",
        index.len(),
        index.bytes() / index.len().max(1),
        measured::load(),
    );

    for (number, (kind, queries)) in queries.iter().enumerate() {
        let by_vector: Vec<CorpusQuery> = queries.iter().map(without_words).collect();
        let (times, hits) = measure(&mut index, &by_vector)?;
        let truths = exact.best();
        let truths = truths.iter().skip(number * CHECKED).take(CHECKED);
        let found = hits.iter().zip(truths).map(|(hits, truth)| {
            let right = hits.iter().filter(|hit| truth.contains(&hit.id)).count();
            (right, truth.len())
        });
        report(
            &format!("{} by vector", kind.name()),
            &times,
            Some(recall(found)),
        );
        if *kind != QueryKind::Question {
            continue;
        }
        let by_words: Vec<CorpusQuery> = queries.iter().map(without_vector).collect();
        let (times, _) = measure(&mut index, &by_words)?;
        report("question by words", &times, None);
        let (times, hits) = measure(&mut index, queries)?;
        let mut found = Vec::new();
        for (at, (query, hits)) in queries.iter().zip(&hits).enumerate().take(CHECKED_JOINED) {
            let truth = exactly_joined(&index, query, &exact, at)?;
            let right = hits.iter().filter(|hit| truth.contains(&hit.id)).count();
            found.push((right, truth.len()));
        }
        report("question by both", &times, Some(recall(found)));
    }
    println!("load of the machine at the end {}", measured::load());
    Ok(())
}

fn without_words(query: &CorpusQuery) -> CorpusQuery {
    CorpusQuery {
        words: String::new(),
        ..query.clone()
    }
}

fn without_vector(query: &CorpusQuery) -> CorpusQuery {
    CorpusQuery {
        embedding: None::<Embedding>,
        ..query.clone()
    }
}

/// The best by the joined score of all chunks that were indexed.
fn exactly_joined(
    index: &CorpusIndex,
    query: &CorpusQuery,
    exact: &Exact,
    at: usize,
) -> Result<Vec<ChunkId>, Box<dyn Error>> {
    let everything = CorpusQuery {
        k: index.len(),
        ..without_vector(query)
    };
    let by_words = index.search(&everything)?;
    let best_words = by_words.first().and_then(|hit| hit.word_score);
    let best_words = best_words.unwrap_or(1.0);
    let words: HashMap<ChunkId, f64> = by_words
        .into_iter()
        .map(|hit| (hit.id, hit.word_score.unwrap_or(0.0) / best_words))
        .collect();
    let cosines = exact.all_cosines(at);
    let best_cosine = cosines
        .iter()
        .fold(f32::MIN_POSITIVE, |most, c| most.max(*c));
    let mut scored: Vec<(f64, ChunkId)> = exact
        .ids()
        .iter()
        .zip(cosines)
        .map(|(id, cosine)| {
            let share = f64::from(cosine.max(0.0) / best_cosine);
            let words = words.get(id).copied().unwrap_or(0.0);
            (words + VECTOR_WEIGHT * share, id.clone())
        })
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0));
    Ok(scored.into_iter().take(K).map(|(_, id)| id).collect())
}

fn recall(found: impl IntoIterator<Item = (usize, usize)>) -> f64 {
    let (right, all) = found
        .into_iter()
        .fold((0, 0), |sum, (right, all)| (sum.0 + right, sum.1 + all));
    right as f64 / all.max(1) as f64
}

fn report(what: &str, times: &Times, recall: Option<f64>) {
    let recall = recall.map_or(String::new(), |recall| format!(", recall@{K} {recall:.4}"));
    println!("{what}: {times}{recall}");
}
