//! How close the closest passage comes to queries about the calls and about something else, and
//! to whole calls of the same and of another kind.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use agents::insights::InsightBuilder;
use calls::{CallId, RawDocument};
use cortex::{LanguageBackend, LocalLanguage};
use snowflake_store::{
    CallQuery, CallReader, ChunkEmbedding, Insights, Landing, LandingPage, SqliteStore,
    TransformScope,
};

/// Queries of each kind.
const QUERIES: usize = 300;

/// More than all recordings have.
const ALL_CHUNKS: usize = 100_000;

/// Words of a query that is taken from a call.
const WORDS: usize = 8;

pub(crate) async fn print(calls: &Path, unrelated: &Path) {
    let recorded = testkit::recorded::read_calls(calls).unwrap();
    let store = SqliteStore::in_memory().await.unwrap();
    let id = |call: &testkit::SimulatedCall| CallId::new(call.id().unwrap());
    let transcripts = recorded
        .iter()
        .filter_map(|call| Some((id(call), call.transcript.as_ref()?)));
    let mut page = LandingPage::default();
    page.run_id = "separation".to_owned();
    page.transcripts = transcripts
        .map(|(id, one)| RawDocument::new(id, one.to_string()).unwrap())
        .collect();
    page.calls = recorded
        .iter()
        .map(|call| RawDocument::new(id(call), call.extensive.to_string()).unwrap())
        .collect();
    store.land(page).await.unwrap();
    store
        .transform(TransformScope::Pending { limit: 1_000 })
        .await
        .unwrap();
    let language = Arc::new(LocalLanguage::new());
    let builder = InsightBuilder::new(Arc::clone(&language));
    let query = CallQuery {
        with_transcript: true,
        limit: 1_000,
        ..CallQuery::default()
    };
    let (mut sentences, mut calls) = (Vec::new(), Vec::new());
    for header in store.find_calls(&query).await.unwrap() {
        let detail = store.call_detail(&header.id).await.unwrap().unwrap();
        let read = builder.read(&detail).await.unwrap();
        let insights = builder.build(&detail, &read).await.unwrap();
        let vectors = insights.chunks.iter();
        let vectors = vectors.filter_map(|chunk| chunk.embedding.clone());
        let vectors: Vec<ChunkEmbedding> = vectors.collect();
        if let Some(centre) = centre_of(&vectors) {
            calls.push((header.id, is_working_session(&header.title), centre));
        }
        store.save_insights(&[insights]).await.unwrap();
        let said = detail.transcript.unwrap().sentences;
        sentences.extend(said.into_iter().map(|sentence| sentence.text));
    }
    let long = sentences
        .iter()
        .filter(|text| text.split_whitespace().count() > 2 * WORDS);
    let long: Vec<&String> = long.collect();
    let about = long
        .iter()
        .step_by((long.len() / QUERIES).max(1))
        .take(QUERIES);
    // The middle of a sentence, as who remembers some of it would put it.
    let middle = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words[words.len() / 2 - WORDS / 2..words.len() / 2 + WORDS / 2].join(" ")
    };
    let about: Vec<String> = about.map(|text| middle(text)).collect();
    let other = fs::read_to_string(unrelated).unwrap();
    let lines: Vec<&str> = other.lines().skip(1).collect();
    let step = (lines.len() / QUERIES).max(1);
    let texts = lines.iter().step_by(step).take(QUERIES);
    let text = |line: &str| {
        line.rsplit_once(',')
            .map_or(line, |(text, _)| text)
            .trim_matches('"')
            .to_owned()
    };
    let other: Vec<String> = texts.map(|line| text(line)).collect();

    println!("| queries | 5 % | 25 % | median | 75 % | 90 % | 95 % | 99 % |");
    println!("|---|---|---|---|---|---|---|---|");
    for (name, queries) in [("parts of sentences", about), ("something else", other)] {
        let embedded = language.embed(&queries).await.unwrap();
        let mut best = Vec::new();
        for embedding in embedded {
            let embedding = embedding.unwrap();
            let vector = ChunkEmbedding {
                model: embedding.model,
                vector: embedding.vector,
            };
            let hits = store.similar_chunks(&vector, None, 1).await.unwrap();
            best.push(hits.first().map_or(0.0, |hit| hit.score));
        }
        print_row(name, best);
    }
    // Two thirds of the recordings are working sessions, the others calls about a quarter.
    for (name, is_same) in [
        ("calls of the same kind", true),
        ("calls of another kind", false),
    ] {
        let mut best = Vec::new();
        for (id, kind, centre) in &calls {
            let hits = store.similar_chunks(centre, Some(id), ALL_CHUNKS);
            let hits = hits.await.unwrap();
            let mut of_kind = hits.iter().filter(|hit| {
                let mut of = calls.iter().filter(|(id, ..)| *id == hit.call_id);
                of.any(|(_, other, _)| (other == kind) == is_same)
            });
            best.push(of_kind.next().map_or(0.0, |hit| hit.score));
        }
        print_row(name, best);
    }
}

fn print_row(name: &str, mut best: Vec<f64>) {
    best.sort_by(f64::total_cmp);
    let at = |share: f64| best[((best.len() - 1) as f64 * share) as usize];
    let shares = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99].map(|share| format!("{:.2}", at(share)));
    println!("| {name} | {} |", shares.join(" | "));
}

fn is_working_session(title: &Option<String>) -> bool {
    let title = title.as_deref();
    title.is_some_and(|title| title.starts_with("Working session"))
}

/// The mean of vectors, of unit length, as a search for similar calls takes it.
fn centre_of(vectors: &[ChunkEmbedding]) -> Option<ChunkEmbedding> {
    let first = vectors.first()?;
    let mut sum = vec![0.0_f64; first.vector.len()];
    for vector in vectors {
        let pairs = sum.iter_mut().zip(&vector.vector);
        pairs.for_each(|(total, value)| *total += f64::from(*value));
    }
    let length = sum.iter().map(|value| value * value).sum::<f64>().sqrt();
    Some(ChunkEmbedding {
        model: first.model.clone(),
        vector: sum.iter().map(|value| (value / length) as f32).collect(),
    })
}
