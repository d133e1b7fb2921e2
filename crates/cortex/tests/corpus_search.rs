//! A corpus index against exact search, and against bad input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use calls::CallId;
use cortex::Embedding;
use cortex::search::corpus::{
    CallFilter, ChunkId, CorpusChunk, CorpusHit, CorpusIndex, CorpusQuery,
};
use proptest::prelude::*;
use resilience::ErrorKind;

const DIMENSION: usize = 40;
/// What rounding to bytes may change of a cosine.
const ROUNDING: f64 = 0.01;
const VOCABULARY: [&str; 12] = [
    "renewal",
    "price",
    "firmware",
    "dashboard",
    "security",
    "legal",
    "budget",
    "pilot",
    "invoice",
    "sandbox",
    "migration",
    "vendor",
];

fn embedding(vector: &[f32]) -> Embedding {
    Embedding {
        model: "test".into(),
        vector: vector.into(),
    }
}

fn chunk(call: &str, first_sentence: u32, text: &str, vector: &[f32]) -> CorpusChunk {
    CorpusChunk {
        id: ChunkId::new(call, first_sentence),
        text: text.into(),
        embedding: (!vector.is_empty()).then(|| embedding(vector)),
    }
}

fn by_words(words: &str, k: usize) -> CorpusQuery {
    CorpusQuery {
        words: words.into(),
        k,
        ..CorpusQuery::default()
    }
}

fn by_vector(vector: &[f32], k: usize) -> CorpusQuery {
    CorpusQuery {
        embedding: Some(embedding(vector)),
        k,
        ..CorpusQuery::default()
    }
}

fn index_of(chunks: &[CorpusChunk]) -> CorpusIndex {
    let mut index = CorpusIndex::new();
    for chunk in chunks {
        index.insert(chunk).unwrap();
    }
    index
}

fn ids(hits: &[CorpusHit]) -> Vec<ChunkId> {
    hits.iter().map(|hit| hit.id.clone()).collect()
}

fn cosine(left: &[f32], right: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        a.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum()
    };
    let lengths = (dot(left, left) * dot(right, right)).sqrt();
    if lengths > 0.0 {
        dot(left, right) / lengths
    } else {
        0.0
    }
}

/// BM25 of every chunk, added up in full; words are their own stems or all inflected
/// alike, and none is a stop word.
fn exact_bm25(texts: &[&str], query: &str) -> Vec<f64> {
    let lengths: Vec<f64> = texts
        .iter()
        .map(|t| t.split_whitespace().count() as f64)
        .collect();
    let mean = (lengths.iter().sum::<f64>() / texts.len().max(1) as f64).max(1.0);
    let count = |text: &str, word: &str| text.split_whitespace().filter(|w| *w == word).count();
    let mut scores = vec![0.0; texts.len()];
    for word in query.split_whitespace() {
        let holding = texts.iter().filter(|text| count(text, word) > 0).count() as f64;
        let rarity = (1.0 + (texts.len() as f64 - holding + 0.5) / (holding + 0.5)).ln();
        for (score, (text, length)) in scores.iter_mut().zip(texts.iter().zip(&lengths)) {
            let count = count(text, word) as f64;
            *score += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / mean));
        }
    }
    scores
}

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&VOCABULARY[..]), 0..20)
        .prop_map(|words| words.join(" "))
}

fn vectors() -> impl Strategy<Value = Vec<f32>> {
    prop_oneof![
        1 => Just(vec![0.0; DIMENSION]),
        4 => prop::collection::vec(prop_oneof![3 => Just(0.0_f32), 1 => -1.0_f32..1.0], DIMENSION),
        4 => prop::collection::vec(-1.0_f32..1.0, DIMENSION),
    ]
}

fn corpora() -> impl Strategy<Value = Vec<CorpusChunk>> {
    let one = (0..8_u32, 0..6_u32, texts(), vectors());
    prop::collection::vec(one, 0..60).prop_map(|chunks| {
        chunks
            .into_iter()
            .map(|(call, first, text, vector)| {
                chunk(&format!("call-{call}"), first, &text, &vector)
            })
            .collect()
    })
}

/// What is in an index after insertions in order, by id.
fn kept(chunks: &[CorpusChunk]) -> BTreeMap<ChunkId, CorpusChunk> {
    chunks
        .iter()
        .map(|chunk| (chunk.id.clone(), chunk.clone()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn with_enough_candidates_vectors_are_ranked_as_by_exact_search(
        chunks in corpora(), query in vectors(), k in 1..12_usize,
    ) {
        let hits = index_of(&chunks).search(&by_vector(&query, k)).unwrap();
        let kept = kept(&chunks);
        let exactly = |id: &ChunkId| {
            kept[id].embedding.as_ref().map_or(0.0, |e| cosine(&query, &e.vector))
        };
        let mut best: Vec<f64> = kept.keys().map(exactly).collect();
        best.sort_by(|left, right| right.total_cmp(left));
        let expected = best.iter().take(k).filter(|cosine| **cosine > ROUNDING).count();
        prop_assert!(hits.len() >= expected && hits.len() <= k);
        for (hit, best) in hits.iter().zip(best) {
            let exact = exactly(&hit.id);
            prop_assert!((hit.vector_score.unwrap() - exact).abs() < ROUNDING);
            prop_assert!(exact > best - 2.0 * ROUNDING, "{exact} where {best} was there");
            prop_assert_eq!(hit.word_score, None);
        }
    }

    #[test]
    fn words_are_ranked_as_by_adding_up_all_scores(
        chunks in corpora(), query in texts(), k in 1..12_usize,
    ) {
        // At most four repetitions of a word count.
        let query = query.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
        let mut index = index_of(&chunks);
        index.compact();
        let hits = index.search(&by_words(&query, k)).unwrap();
        let kept = kept(&chunks);
        let texts: Vec<&str> = kept.values().map(|chunk| chunk.text.as_str()).collect();
        let exact: BTreeMap<&ChunkId, f64> = kept.keys().zip(exact_bm25(&texts, &query)).collect();
        let mut best: Vec<f64> = exact.values().copied().filter(|score| *score > 0.0).collect();
        best.sort_by(|left, right| right.total_cmp(left));
        best.truncate(k);
        prop_assert_eq!(hits.len(), best.len());
        for (hit, best) in hits.iter().zip(best) {
            prop_assert!((hit.word_score.unwrap() - best).abs() < 1e-3);
            prop_assert!((exact[&hit.id] - best).abs() < 1e-3);
            prop_assert_eq!(hit.vector_score, None);
        }
    }

    #[test]
    fn removing_is_as_never_having_inserted(
        chunks in corpora(), removed in prop::collection::btree_set(0..8_u32, 0..4),
        removed_chunks in prop::collection::vec((0..8_u32, 0..6_u32), 0..6),
        text in texts(), vector in vectors(),
    ) {
        let removed: BTreeSet<CallId> = removed.iter().map(|c| format!("call-{c}").into()).collect();
        let removed_chunks: BTreeSet<ChunkId> = removed_chunks
            .iter()
            .map(|(call, first)| ChunkId::new(format!("call-{call}"), *first))
            .collect();
        let is_kept = |id: &ChunkId| !removed.contains(&id.call_id) && !removed_chunks.contains(id);
        // An id that comes twice counts as inserted when it came last.
        let mut last: Vec<CorpusChunk> = Vec::new();
        for chunk in &chunks {
            last.retain(|earlier| earlier.id != chunk.id);
            last.push(chunk.clone());
        }
        let without: Vec<CorpusChunk> = last.into_iter().filter(|c| is_kept(&c.id)).collect();
        let expected = index_of(&without);

        let mut index = index_of(&chunks);
        for call in &removed {
            index.remove_call(call);
        }
        for id in &removed_chunks {
            index.remove(id);
        }
        prop_assert_eq!(index.len(), without.len());
        for query in [by_words(&text, 100), by_vector(&vector, 100)] {
            let hits = index.search(&query).unwrap();
            prop_assert!(hits.iter().all(|hit| is_kept(&hit.id)));
            prop_assert_eq!(hits.len(), expected.search(&query).unwrap().len());
        }
        index.compact();
        let both = CorpusQuery { words: text, ..by_vector(&vector, 10) };
        prop_assert_eq!(index.search(&both).unwrap(), expected.search(&both).unwrap());
    }

    #[test]
    fn a_filter_finds_what_is_found_among_the_calls_it_admits(
        chunks in corpora(), calls in prop::collection::btree_set(0..8_u32, 0..8),
        vector in vectors(), k in 1..8_usize,
    ) {
        let calls: BTreeSet<CallId> = calls.iter().map(|c| format!("call-{c}").into()).collect();
        let index = index_of(&chunks);
        for base in [by_words("price legal pilot", k), by_vector(&vector, k)] {
            let all = index.search(&CorpusQuery { k: 1_000, ..base.clone() }).unwrap();
            let (only, except): (Vec<CorpusHit>, Vec<CorpusHit>) =
                all.into_iter().partition(|hit| calls.contains(&hit.id.call_id));
            for (filter, expected) in [
                (CallFilter::Only(calls.clone()), only),
                (CallFilter::Except(calls.clone()), except),
            ] {
                let hits = index.search(&CorpusQuery { calls: filter, ..base.clone() }).unwrap();
                let expected = &expected[..expected.len().min(k)];
                prop_assert_eq!(ids(&hits), ids(expected));
            }
        }
    }
}

/// Seeded vectors around a few centres, as models give them.
fn clustered(count: usize, dimension: usize) -> Vec<Vec<f32>> {
    let mut rng = fastrand::Rng::with_seed(5);
    let mut direction = |weight: f32| -> Vec<f32> {
        let scale = weight / (dimension as f32).sqrt();
        (0..dimension)
            .map(|_| (rng.f32() * 2.0 - 1.0) * scale)
            .collect()
    };
    let centres: Vec<Vec<f32>> = (0..20).map(|_| direction(1.0)).collect();
    (0..count)
        .map(|at| {
            let noise = direction(0.8);
            noise
                .iter()
                .zip(&centres[at % 20])
                .map(|(n, c)| n + c + 0.02)
                .collect()
        })
        .collect()
}

#[test]
fn few_candidates_find_nearly_all_neighbours_of_dense_vectors() {
    for dimension in [256, 768] {
        let vectors = clustered(4_030, dimension);
        let (queries, stored) = vectors.split_at(30);
        let mut index = CorpusIndex::new().with_candidates(400);
        for (at, vector) in stored.iter().enumerate() {
            index.insert(&chunk("call", at as u32, "", vector)).unwrap();
        }
        let mut right = 0;
        for query in queries {
            let mut exact: Vec<(f64, u32)> = stored
                .iter()
                .zip(0..)
                .map(|(v, at)| (cosine(query, v), at))
                .collect();
            exact.sort_by(|left, right| right.0.total_cmp(&left.0));
            let hits = index.search(&by_vector(query, 10)).unwrap();
            let found: BTreeSet<u32> = hits.iter().map(|hit| hit.id.first_sentence).collect();
            right += exact[..10]
                .iter()
                .filter(|(_, at)| found.contains(at))
                .count();
        }
        assert!(right >= 285, "{dimension}: {right} of 300");
    }
}

#[test]
fn a_sample_that_misleads_hides_nothing() {
    // One row in sixteen is near, and by its place among those that a search samples.
    let axis =
        |at: usize| -> Vec<f32> { (0..256).map(|n| if n == at { 1.0 } else { 0.01 }).collect() };
    let (near, far) = (axis(0), axis(1));
    let mut index = CorpusIndex::new().with_candidates(800);
    for at in 0..8_192 {
        let vector = if at % 256 < 16 { &near } else { &far };
        index.insert(&chunk("call", at, "", vector)).unwrap();
    }
    let hits = index.search(&by_vector(&near, 700)).unwrap();
    assert_eq!(hits.len(), 700);
    let is_near = |hit: &CorpusHit| hit.id.first_sentence % 256 < 16;
    assert!(hits[..512].iter().all(is_near));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let vectors = clustered(70_000, 32);
    let mut index = CorpusIndex::new().with_candidates(3_000);
    for (at, vector) in vectors.iter().enumerate() {
        index.insert(&chunk("call", at as u32, "", vector)).unwrap();
    }
    let query = by_vector(&vectors[7], 20);
    index = index.with_threads(1);
    let alone = index.search(&query).unwrap();
    assert_eq!(alone[0].id.first_sentence, 7);
    for threads in [2, 3] {
        index = index.with_threads(threads);
        assert_eq!(index.search(&query).unwrap(), alone);
    }
}

#[test]
fn frequent_words_do_not_hide_rare_ones_in_a_large_corpus() {
    let mut index = CorpusIndex::new();
    let mut rng = fastrand::Rng::with_seed(3);
    let mut texts = Vec::new();
    for _ in 0..20_000 {
        let words = (0..6).map(|_| {
            // Low numbers are frequent.
            let at = (VOCABULARY.len() as f64).powf(rng.f64()) as usize - 1;
            VOCABULARY[at]
        });
        texts.push(words.collect::<Vec<_>>().join(" "));
    }
    for (at, text) in texts.iter().enumerate() {
        index.insert(&chunk("call", at as u32, text, &[])).unwrap();
    }
    let query = "renewal price vendor migration";
    let views: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut exact = exact_bm25(&views, query);
    exact.sort_by(|left, right| right.total_cmp(left));
    let hits = index.search(&by_words(query, 25)).unwrap();
    for (hit, exact) in hits.iter().zip(exact) {
        assert!((hit.word_score.unwrap() - exact).abs() < 1e-3);
    }
    assert_eq!(hits.len(), 25);
}

#[test]
fn equals_come_in_the_order_of_insertion() {
    let vector = [1.0, 2.0, 3.0];
    let calls = ["b", "a", "c"];
    let chunks = calls.map(|call| chunk(call, 0, "price list", &vector));
    let index = index_of(&chunks);
    let both = CorpusQuery {
        words: "price".into(),
        ..by_vector(&vector, 2)
    };
    for query in [by_words("price", 2), by_vector(&vector, 2), both] {
        let hits = index.search(&query).unwrap();
        assert_eq!(ids(&hits), [ChunkId::new("b", 0), ChunkId::new("a", 0)]);
        assert!((hits[0].score - 1.0).abs() < 1e-9);
    }
}

#[test]
fn a_chunk_is_replaced_by_one_with_its_id() {
    let mut index = index_of(&[chunk("a", 0, "price", &[1.0, 0.0])]);
    index
        .insert(&chunk("a", 0, "firmware", &[0.0, 1.0]))
        .unwrap();
    assert_eq!(index.len(), 1);
    assert!(index.search(&by_words("price", 5)).unwrap().is_empty());
    assert!(index.search(&by_vector(&[1.0, 0.0], 5)).unwrap().is_empty());
    let hits = index.search(&by_vector(&[0.0, 4.0], 5)).unwrap();
    assert!((hits[0].vector_score.unwrap() - 1.0).abs() < ROUNDING);
}

#[test]
fn many_removals_free_memory_by_themselves() {
    let mut index = CorpusIndex::new();
    for round in 0..5_000 {
        index
            .insert(&chunk("a", round % 10, "price of the renewal", &[1.0, 0.5]))
            .unwrap();
    }
    assert_eq!(index.len(), 10);
    assert!(index.bytes() < 1_000_000, "{}", index.bytes());
    assert_eq!(index.remove_call(&"a".into()), 10);
    assert!(index.is_empty() && !index.remove(&ChunkId::new("a", 1)));
}

#[test]
fn vectors_of_another_space_and_broken_ones_are_refused() {
    let mut index = index_of(&[chunk("a", 0, "price", &[1.0, 0.0])]);
    let of_other_model = Embedding {
        model: "other".into(),
        vector: vec![1.0, 0.0],
    };
    let refused = [
        (of_other_model, "model"),
        (embedding(&[1.0]), "vector"),
        (embedding(&[]), "vector"),
        (embedding(&[f32::NAN, 0.0]), "vector"),
        (embedding(&[f32::INFINITY, 0.0]), "vector"),
    ];
    for (embedding, field) in refused {
        let broken = CorpusChunk {
            embedding: Some(embedding.clone()),
            ..chunk("a", 0, "firmware", &[])
        };
        let query = CorpusQuery {
            embedding: Some(embedding),
            ..by_words("price", 0)
        };
        for error in [
            index.insert(&broken).unwrap_err(),
            index.search(&query).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!(error.field(), Some(field));
        }
    }
    assert_eq!(
        index.search(&by_words("price", 5)).unwrap().len(),
        1,
        "it is as it was"
    );
    let mut fresh = CorpusIndex::new();
    let too_long = vec![1.0; CorpusIndex::MAX_DIMENSION + 1];
    assert!(fresh.insert(&chunk("a", 0, "", &too_long)).is_err());
    assert_eq!(fresh.model(), None);
}

#[test]
fn nothing_is_found_by_nothing() {
    let huge = [f32::MAX, f32::MAX];
    let index = index_of(&[
        chunk("a", 0, "price", &[0.0, 0.0]),
        chunk("b", 0, "", &[]),
        chunk("c", 0, "the", &huge),
    ]);
    assert_eq!((index.len(), index.dimension()), (3, Some(2)));
    for query in [
        CorpusQuery::default(),
        by_words("", 5),
        by_words("\u{0}\u{feff} ?!", 5),
        by_words("zyzzyva", 5),
        by_words("price", 0),
        by_vector(&[0.0, 0.0], 5),
        by_vector(&[-1.0, -1.0], 5),
    ] {
        assert_eq!(index.search(&query).unwrap(), [], "{query:?}");
    }
    let hits = index.search(&by_vector(&huge, usize::MAX)).unwrap();
    assert_eq!(ids(&hits), [ChunkId::new("c", 0)]);
    let everything = by_words(&"price the ".repeat(50_000), usize::MAX);
    assert_eq!(index.search(&everything).unwrap().len(), 1);
    let empty = CorpusIndex::new();
    let both = CorpusQuery {
        words: "price".into(),
        ..by_vector(&[1.0], 5)
    };
    assert_eq!(empty.search(&both).unwrap(), []);
}
