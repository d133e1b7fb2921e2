//! The search among chunks finds what comparing everything would, whoever writes meanwhile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use calls::{CallId, Provenance};
use fastrand::Rng;
use proptest::prelude::*;
use proptest::sample::select;
use snowflake_store::{
    Access, CallInsights, CallReader, Chunk, ChunkEmbedding, ChunkHit, Insights, Landing,
    LandingPage, SqliteConfig, SqliteStore, TransformScope,
};
use testkit::conformance::store::{CallDocument, transcript_document};

fn chunk(at: usize, text: &str, embedding: Option<ChunkEmbedding>) -> Chunk {
    Chunk {
        first_sentence: at as u32,
        last_sentence: at as u32,
        text: text.to_owned(),
        sentiment: None,
        embedding,
    }
}

fn vector(model: &str, components: &[f32]) -> ChunkEmbedding {
    ChunkEmbedding {
        model: model.to_owned(),
        vector: components.to_vec(),
    }
}

/// Lands a call and transforms it.
async fn land(store: &SqliteStore, id: &str) {
    let page = LandingPage::default()
        .with_calls(vec![CallDocument::new(id).document()])
        .with_transcripts(vec![transcript_document(
            id,
            &[("v-rep", 0, 1_900, "So we begin.")],
        )]);
    store.land(page).await.unwrap();
    store
        .transform(TransformScope::Pending { limit: 100 })
        .await
        .unwrap();
}

async fn save(store: &SqliteStore, id: &str, chunks: Vec<Chunk>) {
    let insights = CallInsights {
        call_id: id.into(),
        transcript_sha: None,
        sentiment: None,
        summary: None,
        key_topics: Vec::new(),
        risks: None,
        next_steps: None,
        sentence_sentiments: Vec::new(),
        chunks,
        provenance: Provenance::new("test", "1"),
    };
    assert_eq!(store.save_insights(&[insights]).await.unwrap(), 1);
}

async fn delete(store: &SqliteStore, id: &str) {
    let page = LandingPage::default().with_deleted(vec![id.into()]);
    store.land(page).await.unwrap();
}

async fn withdraw(store: &SqliteStore, id: &str) {
    let page = LandingPage::default().with_withdrawn(vec![id.into()]);
    store.land(page).await.unwrap();
    store
        .transform(TransformScope::Pending { limit: 100 })
        .await
        .unwrap();
}

type Chunks = BTreeMap<String, Vec<Chunk>>;

fn cosine(left: &[f32], right: &[f32]) -> Option<f64> {
    let dot = |left: &[f32], right: &[f32]| -> f64 {
        let pairs = left.iter().zip(right);
        pairs.map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
    };
    let lengths = (dot(left, left) * dot(right, right)).sqrt();
    (lengths > 0.0).then(|| dot(left, right) / lengths)
}

/// The scores of all chunks that may be found, by call and first sentence.
fn scores(
    stored: &Chunks,
    query: &ChunkEmbedding,
    excluding: Option<&str>,
) -> BTreeMap<(String, u32), f64> {
    let mut scores = BTreeMap::new();
    for (id, chunks) in stored
        .iter()
        .filter(|(id, _)| Some(id.as_str()) != excluding)
    {
        for chunk in chunks {
            let comparable = chunk.embedding.as_ref().filter(|embedding| {
                embedding.model == query.model && embedding.vector.len() == query.vector.len()
            });
            let score = comparable.and_then(|found| cosine(&found.vector, &query.vector));
            scores.extend(score.map(|score| ((id.clone(), chunk.first_sentence), score)));
        }
    }
    scores
}

fn place(hit: &ChunkHit) -> (String, u32) {
    (hit.call_id.to_string(), hit.first_sentence)
}

/// Hits are the best of all scores, each with its own.
fn assert_best(hits: &[ChunkHit], scores: &BTreeMap<(String, u32), f64>, limit: usize) {
    assert_eq!(hits.len(), scores.len().min(limit));
    let mut best: Vec<f64> = scores.values().copied().collect();
    best.sort_by(|a, b| b.total_cmp(a));
    for (hit, best) in hits.iter().zip(best) {
        assert!((hit.score - scores[&place(hit)]).abs() < 1e-5, "{hit:?}");
        assert!((hit.score - best).abs() < 1e-5, "{hit:?} is not {best}");
    }
}

/// What happens to a store, one after the other.
#[derive(Debug, Clone)]
enum Change {
    Save(usize, Vec<Option<ChunkEmbedding>>),
    Delete(usize),
    Withdraw(usize),
}

fn embeddings() -> impl Strategy<Value = ChunkEmbedding> {
    let components = prop_oneof![Just(0.0_f32), -3.0_f32..3.0];
    (select(vec!["m", "n"]), select(vec![2_usize, 70])).prop_flat_map(move |(model, dimension)| {
        let components = prop::collection::vec(components.clone(), dimension);
        components.prop_map(move |components| vector(model, &components))
    })
}

fn changes() -> impl Strategy<Value = Change> {
    let saved = prop::collection::vec(prop::option::weighted(0.8, embeddings()), 0..8);
    prop_oneof![
        4 => (0_usize..4, saved).prop_map(|(call, chunks)| Change::Save(call, chunks)),
        1 => (0_usize..4).prop_map(Change::Delete),
        1 => (0_usize..4).prop_map(Change::Withdraw),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn small_stores_are_searched_exactly(
        changes in prop::collection::vec(changes(), 1..12),
        queries in prop::collection::vec((embeddings(), prop::option::of(0_usize..4), 0_usize..12), 4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("calls.db");
            let store = SqliteStore::open(&path).await.unwrap();
            let mut stored = Chunks::new();
            for change in &changes {
                match change {
                    Change::Save(call, embeddings) => {
                        let id = call.to_string();
                        land(&store, &id).await;
                        let embeddings = embeddings.iter().enumerate();
                        let chunks: Vec<Chunk> = embeddings
                            .map(|(at, embedding)| chunk(at, "words", embedding.clone()))
                            .collect();
                        save(&store, &id, chunks.clone()).await;
                        stored.insert(id, chunks);
                    }
                    Change::Delete(call) => {
                        delete(&store, &call.to_string()).await;
                        stored.remove(&call.to_string());
                    }
                    Change::Withdraw(call) => {
                        withdraw(&store, &call.to_string()).await;
                        stored.remove(&call.to_string());
                    }
                }
            }
            // One that has just opened it finds the same.
            let cold = SqliteStore::open_with(SqliteConfig::new(&path).with_access(Access::ReadOnly));
            for store in [&store, &cold.await.unwrap()] {
                for (query, excluding, limit) in &queries {
                    let excluding = excluding.map(|call| CallId::new(call.to_string()));
                    let hits = store.similar_chunks(query, excluding.as_ref(), *limit).await;
                    let scores = scores(&stored, query, excluding.as_ref().map(CallId::as_str));
                    assert_best(&hits.unwrap(), &scores, *limit);
                }
            }
        });
    }
}

fn noise(rng: &mut Rng, dimension: usize) -> Vec<f32> {
    (0..dimension)
        .map(|_| rng.f32() + rng.f32() - 1.0)
        .collect()
}

#[tokio::test]
async fn among_thousands_the_nearest_are_found() {
    const CALLS: usize = 60;
    const DIMENSION: usize = 128;
    let store = SqliteStore::in_memory().await.unwrap();
    let mut rng = Rng::with_seed(3);
    let themes: Vec<Vec<f32>> = (0..12).map(|_| noise(&mut rng, DIMENSION)).collect();
    let near = |rng: &mut Rng, theme: usize| {
        let pairs = themes[theme].iter().zip(noise(rng, DIMENSION));
        let components: Vec<f32> = pairs.map(|(theme, noise)| theme + noise).collect();
        vector("m", &components)
    };
    let mut stored = Chunks::new();
    for call in 0..CALLS {
        let id = call.to_string();
        land(&store, &id).await;
        let chunks = (0..100).map(|at| chunk(at, "words", Some(near(&mut rng, call % 12))));
        let chunks: Vec<Chunk> = chunks.collect();
        save(&store, &id, chunks.clone()).await;
        stored.insert(id, chunks);
    }
    let (mut found, mut wanted) = (0, 0);
    for theme in 0..12 {
        let query = near(&mut rng, theme);
        let scores = scores(&stored, &query, None);
        let mut best: Vec<_> = scores.iter().collect();
        best.sort_by(|a, b| b.1.total_cmp(a.1));
        let hits = store.similar_chunks(&query, None, 10).await.unwrap();
        let places: Vec<_> = hits.iter().map(place).collect();
        wanted += 10;
        found += best[..10]
            .iter()
            .filter(|(at, _)| places.contains(at))
            .count();

        let all = store
            .similar_chunks(&query, None, usize::MAX)
            .await
            .unwrap();
        assert_best(&all, &scores, usize::MAX);
    }
    assert!(found * 100 >= wanted * 95, "{found} of {wanted}");
}

async fn open(path: &Path, access: Access) -> SqliteStore {
    let config = SqliteConfig::new(path).with_access(access);
    SqliteStore::open_with(config).await.unwrap()
}

#[tokio::test]
async fn what_others_write_is_found_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let writer = open(&path, Access::ReadWrite).await;
    let neighbour = open(&path, Access::ReadWrite).await;
    let reader = open(&path, Access::ReadOnly).await;
    let query = vector("m", &[1.0, 1.0]);
    let found = async |store: &SqliteStore| {
        let hits = store.similar_chunks(&query, None, 10).await.unwrap();
        let texts: Vec<String> = hits.into_iter().map(|hit| hit.text).collect();
        texts
    };
    for (edition, store) in [(0, &writer), (1, &neighbour), (2, &writer)] {
        land(store, "1").await;
        let text = format!("edition {edition}");
        save(store, "1", vec![chunk(0, &text, Some(query.clone()))]).await;
        for store in [&writer, &neighbour, &reader] {
            assert_eq!(found(store).await, [text.as_str()]);
            let by_words = store.search_chunks("edition", 10).await.unwrap();
            assert_eq!(by_words[0].text, text);
        }
    }
    delete(&neighbour, "1").await;
    for store in [&writer, &neighbour, &reader] {
        assert!(found(store).await.is_empty());
    }
}

/// Each edition of the call has another number of chunks, all with its own text: a search
/// sees one edition, whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_see_whole_calls_while_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let writer = open(&path, Access::ReadWrite).await;
    land(&writer, "1").await;
    let query = vector("m", &[1.0, 2.0, 3.0]);
    let edition = |edition: usize| {
        let chunks = (0..=edition % 7).map(|at| {
            let text = format!("edition {edition}");
            chunk(at, &text, Some(query.clone()))
        });
        chunks.collect::<Vec<_>>()
    };
    save(&writer, "1", edition(0)).await;
    let reader = open(&path, Access::ReadOnly).await;
    let writing = async {
        for number in 1..100 {
            save(&writer, "1", edition(number)).await;
        }
    };
    let reading = async {
        let mut newest = 0;
        while newest < 99 {
            let hits = reader.similar_chunks(&query, None, 10).await.unwrap();
            let number = hits[0].text["edition ".len()..].parse::<usize>().unwrap();
            assert!(hits.iter().all(|hit| hit.text == hits[0].text), "{hits:?}");
            assert_eq!(hits.len(), edition(number).len());
            assert!(number >= newest, "{number} after {newest}");
            newest = number;
        }
    };
    tokio::join!(writing, reading);
}

/// Every chunk holds `always`, the older half `former` and the newer `latter`, more than every
/// fifth `common` and `usual`; some hold rarer words.
#[tokio::test]
async fn frequent_words_find_too() {
    const CHUNKS: usize = 80_000;
    let store = SqliteStore::in_memory().await.unwrap();
    land(&store, "1").await;
    let chunks = (0..CHUNKS).map(|at| {
        let half = if at < CHUNKS / 2 { "former" } else { "latter" };
        let mut text = format!("always {half}");
        for (word, is_said) in [
            ("common", at % 9 < 2),
            ("usual", at % 14 < 3),
            ("rare", at % 1_000 == 1),
            ("single", at == 20_001),
        ] {
            if is_said {
                text = format!("{text} {word}");
            }
        }
        chunk(at, &text, None)
    });
    save(&store, "1", chunks.collect()).await;
    let search = async |words: &str| store.search_chunks(words, 20).await.unwrap();
    let all_hold = |hits: &[ChunkHit], words: &[&str]| {
        let holds = |hit: &ChunkHit| words.iter().all(|word| hit.text.contains(word));
        assert!(
            !hits.is_empty() && hits.iter().all(holds),
            "{words:?}: {hits:?}"
        );
        assert!(hits.is_sorted_by(|a, b| a.score >= b.score));
    };
    for word in ["always", "former", "latter", "common", "usual", "rare"] {
        let hits = search(word).await;
        assert_eq!(hits.len(), 20, "{word}");
        all_hold(&hits, &[word]);
    }
    // Chunks that hold the rarest word, and of these the ones that hold the others too.
    all_hold(
        &search("always common rare").await[..10],
        &["rare", "common"],
    );
    let hits = search("always former common usual single").await;
    assert_eq!(hits[0].first_sentence, 20_001);
    assert_eq!(hits.len(), 20, "frequent words find the rest");
    all_hold(&hits[1..], &["common", "usual"]);
    // Several frequent words are found together, however old.
    all_hold(
        &search("former common usual").await,
        &["former", "common", "usual"],
    );
    // None that a chunk holds is lost among those that nothing holds.
    all_hold(&search("zebra always").await, &["always"]);
    assert!(search("zebra").await.is_empty());
}
