//! `search_chunks` with a search service: what it finds is checked against the store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::fakesnow;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use calls::Provenance;
use resilience::ErrorKind;
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool};
use snowflake_store::{
    CallInsights, CallReader, Chunk, ChunkSearch, Error, FoundChunk, Insights, Landing,
    LandingPage, Result, SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, TransformScope,
};
use testkit::conformance::store::{CallDocument, transcript_document};
use testkit::snowflake::{Answer, Column, SnowflakeDouble};

/// A service with an index that nobody refreshes.
#[derive(Debug, Default)]
struct Index {
    chunks: Mutex<Vec<FoundChunk>>,
    asked: Mutex<Vec<(String, usize)>>,
}

impl Index {
    fn asked(&self) -> Vec<(String, usize)> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

#[async_trait]
impl ChunkSearch for Index {
    async fn search(&self, query: &str, limit: usize) -> Result<Vec<FoundChunk>> {
        self.asked.lock().unwrap().push((query.to_owned(), limit));
        if query == "fails" {
            return Err(Error::new(ErrorKind::RateLimited, "later"));
        }
        let chunks = self.chunks.lock().unwrap();
        Ok(chunks.iter().take(limit).cloned().collect())
    }

    fn most_results(&self) -> usize {
        100
    }
}

fn found(call: &str, text: &str) -> FoundChunk {
    FoundChunk {
        call_id: call.into(),
        first_sentence: 0,
        last_sentence: 1,
        text: text.to_owned(),
    }
}

async fn load(store: &SnowflakeStore, call: &str, said: &str) {
    let lines = [
        ("v-rep", 0, 6_000, said),
        ("v-buyer", 6_000, 9_000, "So did we."),
    ];
    let page = LandingPage::new("run")
        .with_calls(vec![CallDocument::new(call).document()])
        .with_transcripts(vec![transcript_document(call, &lines)]);
    let landed = store.land(page).await.unwrap();
    store
        .transform(TransformScope::Calls(landed.changed))
        .await
        .unwrap();
    let insights = CallInsights {
        call_id: call.into(),
        transcript_sha: None,
        sentiment: None,
        summary: None,
        key_topics: Vec::new(),
        risks: Some(Vec::new()),
        next_steps: Some(Vec::new()),
        sentence_sentiments: Vec::new(),
        chunks: vec![Chunk {
            first_sentence: 0,
            last_sentence: 1,
            text: said.to_owned(),
            sentiment: None,
            embedding: None,
        }],
        provenance: Provenance::new("local", "lexicon-1"),
    };
    assert_eq!(store.save_insights(&[insights]).await.unwrap(), 1);
}

/// A store on the stand-in with calls `a`, `b` and `c`, and a service that knows them.
async fn with_calls() -> Option<(SnowflakeStore, Arc<Index>, fakesnow::Server)> {
    let (pool, server) = fakesnow::migrated().await?;
    let index = Arc::new(Index::default());
    let config = SnowflakeStoreConfig::default()
        .with_server(SnowflakeServer::Fakesnow)
        .with_search_service(index.clone());
    let store = SnowflakeStore::new(pool, config).unwrap();
    for call in ["a", "b", "c"] {
        let said = format!("Words of {call}.");
        load(&store, call, &said).await;
        index.chunks.lock().unwrap().insert(0, found(call, &said));
    }
    Some((store, index, server))
}

async fn calls_found(store: &SnowflakeStore, limit: usize) -> Vec<String> {
    let hits = store.search_chunks("words", limit).await.unwrap();
    hits.iter().map(|hit| hit.call_id.to_string()).collect()
}

/// One store for what SQL decides: it takes long to make.
#[tokio::test]
async fn hits_are_served_chunks_in_the_order_of_the_service() {
    let Some((store, index, _server)) = with_calls().await else {
        return;
    };
    let hits = store.search_chunks("words", 2).await.unwrap();
    let shown: Vec<_> = hits
        .iter()
        .map(|hit| (hit.call_id.as_str(), hit.score, hit.text.as_str()))
        .collect();
    assert_eq!(
        shown,
        [("c", 1.0, "Words of c."), ("b", 0.5, "Words of b.")]
    );
    assert_eq!(hits[0].title.as_deref(), Some("Call c"));
    assert_eq!((hits[0].first_sentence, hits[0].last_sentence), (0, 1));
    assert_eq!(index.asked()[0].0, "words");

    let again = index.chunks.lock().unwrap().clone();
    index.chunks.lock().unwrap().extend(again);
    assert_eq!(calls_found(&store, 10).await, ["c", "b", "a"], "each once");

    // Deleted, rewritten and unknown: the service does not know yet.
    let page = LandingPage::new("run").with_deleted(vec!["c".into()]);
    store.land(page).await.unwrap();
    load(&store, "b", "Other words of b.").await;
    index.chunks.lock().unwrap().push(found("nobody", "Words."));
    assert_eq!(calls_found(&store, 10).await, ["a"]);
}

/// A store that serves the chunks of calls whose name does not begin with `gone`.
async fn scripted(chunks: Vec<FoundChunk>) -> (SnowflakeStore, Arc<Index>, SnowflakeDouble) {
    let server = SnowflakeDouble::builder()
        .answering(|statement| {
            let found = statement.binds[0].value.as_deref().unwrap();
            let found: Vec<serde_json::Value> = serde_json::from_str(found).unwrap();
            let limit = statement.binds[1].value.as_deref().unwrap();
            let text = |value: &serde_json::Value| Some(value.as_str().unwrap().to_owned());
            let rows = found.iter().filter_map(|chunk| {
                let is_served = !chunk["call_id"].as_str().unwrap().starts_with("gone");
                is_served.then(|| {
                    [
                        text(&chunk["call_id"]),
                        None,
                        Some("1780000000.0".to_owned()),
                        Some("0".to_owned()),
                        Some("1".to_owned()),
                        text(&chunk["text"]),
                        Some(format!("{}", 1.0 / chunk["place"].as_f64().unwrap())),
                    ]
                })
            });
            let rows: Vec<_> = rows.take(limit.parse().unwrap()).collect();
            Some(Answer::rows(
                [
                    Column::text("CALL_ID"),
                    Column::text("CALL_TITLE"),
                    Column::new("CALL_DATETIME_UTC", "timestamp_ntz"),
                    Column::integer("FIRST_SENTENCE"),
                    Column::integer("LAST_SENTENCE"),
                    Column::text("CHUNK_TEXT"),
                    Column::new("SCORE", "real"),
                ],
                rows,
            ))
        })
        .start()
        .await
        .unwrap();
    let index = Arc::new(Index::default());
    *index.chunks.lock().unwrap() = chunks;
    let account = SnowflakeConfig::new("test", "TESTER", Credentials::password("none"))
        .unwrap()
        .with_base_url(&server.url())
        .unwrap();
    let config = SnowflakeStoreConfig::default().with_search_service(index.clone());
    let store = SnowflakeStore::new(Arc::new(SnowflakePool::new(account)), config).unwrap();
    (store, index, server)
}

fn chunks(names: impl IntoIterator<Item = String>) -> Vec<FoundChunk> {
    let names = names.into_iter();
    names.map(|name| found(&name, "Words.")).collect()
}

#[tokio::test]
async fn a_search_is_one_question_to_the_service_and_one_statement() {
    let (store, index, server) = scripted(chunks((0..60).map(|n| format!("call-{n}")))).await;
    assert_eq!(calls_found(&store, 2).await, ["call-0", "call-1"]);
    assert_eq!(index.asked().len(), 1);
    assert_eq!(server.state().statements().len(), 1);
}

#[tokio::test]
async fn too_many_gone_chunks_are_asked_around_once() {
    let gone = (0..50).map(|number| format!("gone-{number}"));
    let names = gone.chain(["b".to_owned(), "a".to_owned()]);
    let (store, index, server) = scripted(chunks(names)).await;
    assert_eq!(calls_found(&store, 2).await, ["b", "a"]);
    let limits: Vec<usize> = index.asked().into_iter().map(|(_, limit)| limit).collect();
    assert_eq!(limits.len(), 2);
    assert!(limits[0] < 50, "{limits:?}");
    assert_eq!(limits[1], index.most_results());
    assert_eq!(server.state().statements().len(), 2);
}

#[tokio::test]
async fn what_the_service_has_no_more_of_is_not_asked_for_again() {
    let (store, index, _server) = scripted(chunks(["gone".to_owned(), "a".to_owned()])).await;
    assert_eq!(calls_found(&store, 5).await, ["a"]);
    assert_eq!(index.asked().len(), 1);
}

#[tokio::test]
async fn nothing_is_asked_where_nothing_can_be_found() {
    let (store, index, server) = scripted(Vec::new()).await;
    assert_eq!(store.search_chunks("words", 0).await.unwrap(), []);
    assert_eq!(store.search_chunks(" ?! ", 5).await.unwrap(), []);
    assert_eq!(index.asked(), []);
    assert_eq!(store.search_chunks("words", 5).await.unwrap(), []);
    assert_eq!(server.state().statements(), []);
}

#[tokio::test]
async fn a_service_that_fails_is_no_empty_result() {
    let (store, _index, _server) = scripted(Vec::new()).await;
    let error = store.search_chunks("fails", 5).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
}
