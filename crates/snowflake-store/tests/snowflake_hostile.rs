//! 500 strings in every parameter of every method: each statement that is sent is a fixed
//! text, and the strings arrive as values.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "hostile/answers.rs"]
mod answers;
use crate::hostile;

use std::collections::HashSet;
use std::sync::Arc;

use answers::{answer, call};
use async_trait::async_trait;
use calls::Timestamp;
use hostile::{SNAPSHOT_TEXTS, crm_match, hostile_strings, insights, snapshot};
use serde_json::Value;
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool};
use snowflake_store::{
    CallQuery, CallReader, Checkpoint, CheckpointStep, ChunkEmbedding, ChunkSearch, DeadLetter,
    DeadLettersQuery, Fault, FoundChunk, Insights, KnownCallsQuery, Landing, LandingPage, Origin,
    ReadCache, Rep, Result, RunCounts, RunFinish, RunStart, SnowflakeStore, SnowflakeStoreConfig,
    Stream, SyncMode, TransformScope, Window,
};
use testkit::conformance::store::transcript_document;
use testkit::snowflake::SnowflakeDouble;

/// The store, and what arrives at the server that it talks to.
struct Watched {
    store: SnowflakeStore,
    server: SnowflakeDouble,
    fixed: HashSet<String>,
}

/// Finds a chunk in the words of the query.
#[derive(Debug)]
struct Echo;

#[async_trait]
impl ChunkSearch for Echo {
    async fn search(&self, query: &str, _limit: usize) -> Result<Vec<FoundChunk>> {
        Ok(vec![FoundChunk {
            call_id: query.into(),
            first_sentence: 0,
            last_sentence: 0,
            text: format!("{query} found"),
        }])
    }

    fn most_results(&self) -> usize {
        1
    }
}

impl Watched {
    async fn start(config: SnowflakeStoreConfig) -> Self {
        let server = SnowflakeDouble::builder()
            .answering(answer)
            .start()
            .await
            .unwrap();
        let account = SnowflakeConfig::new("test", "TESTER", Credentials::password("none"))
            .unwrap()
            .with_base_url(&server.url())
            .unwrap();
        let pool = Arc::new(SnowflakePool::new(account));
        let config = config.with_read_cache(ReadCache::Off);
        Self {
            store: SnowflakeStore::new(pool, config).unwrap(),
            server,
            fixed: fixed_texts(),
        }
    }

    /// Checks the texts of everything that arrived, and returns all strings among the
    /// values; what arrives later is new.
    fn values(&self) -> HashSet<String> {
        let state = self.server.state();
        let mut values = HashSet::new();
        let statements = state.statements();
        assert!(!statements.is_empty(), "nothing was sent");
        for statement in statements {
            let text = statement.text.trim();
            assert!(self.fixed.contains(text), "{text}");
            for bind in statement
                .binds
                .iter()
                .filter_map(|bind| bind.value.as_ref())
            {
                if let Ok(json @ (Value::Array(_) | Value::Object(_))) = serde_json::from_str(bind)
                {
                    strings(&json, &mut values);
                }
                values.insert(bind.clone());
            }
        }
        state.reset_log();
        values
    }

    /// As [`values`](Self::values); each of the strings is among them with each ending.
    fn has_values(&self, what: &str, texts: &[String], endings: &[&str]) {
        let values = self.values();
        for text in texts {
            for ending in endings {
                let wanted = match *ending {
                    "" => text.clone(),
                    ending => format!("{text} {ending}"),
                };
                // In documents NUL is cleaned before they land.
                let cleaned = wanted.replace('\0', "\u{fffd}");
                let is_there = values.contains(&wanted) || values.contains(&cleaned);
                assert!(is_there, "{what}: {wanted}");
            }
        }
    }
}

fn strings(json: &Value, into: &mut HashSet<String>) {
    match json {
        Value::String(text) => drop(into.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| strings(item, into)),
        Value::Object(members) => members.values().for_each(|member| strings(member, into)),
        _ => {}
    }
}

/// The files, and what opens and closes a transaction.
fn fixed_texts() -> HashSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/snowflake/statements");
    let files = std::fs::read_dir(folder).unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    // The one slot is the number of components of a vector.
    let mut texts: HashSet<String> = texts
        .map(|text| text.trim().replace("{dimension}", "2"))
        .collect();
    texts.extend(["BEGIN", "BEGIN TRANSACTION", "COMMIT", "ROLLBACK"].map(str::to_owned));
    texts
}

const CALL_TEXTS: [&str; 10] = [
    "host", "address", "title", "url", "language", "deal", "company", "topic", "tracker", "brief",
];

fn year() -> Window {
    Window {
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        to: "2027-01-01T00:00:00Z".parse().unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lands_is_values() {
    let watched = Watched::start(SnowflakeStoreConfig::default()).await;
    let (store, texts) = (&watched.store, hostile_strings());
    for text in texts.iter().step_by(25) {
        let page = LandingPage::new(text.clone())
            .with_checkpoint(Checkpoint {
                run_id: format!("{text} run"),
                mode: SyncMode::Full,
                stream: Stream::Calls,
                window: year(),
                step: CheckpointStep::WindowDone,
                position: Some(format!("{text} position")),
            })
            .with_deleted(vec![format!("{text} gone").into()]);
        store.land(page).await.unwrap();
        watched.has_values(
            "checkpoint",
            std::slice::from_ref(text),
            &["run", "position", "gone"],
        );
    }
    let page = LandingPage::new(texts.concat())
        .with_calls(texts.iter().map(|text| call(text).document()).collect())
        .with_transcripts(
            texts
                .iter()
                .flat_map(|text| [text.clone(), format!("{text} revived")])
                .map(|id| transcript_document(&id, &[(&id, 0, 1_000, &format!("{id} said"))]))
                .collect(),
        )
        .with_deleted(
            texts
                .iter()
                .map(|text| format!("{text} gone").into())
                .collect(),
        )
        .with_withdrawn(
            texts
                .iter()
                .map(|text| format!("{text} silent").into())
                .collect(),
        );
    let landed = store.land(page).await.unwrap();
    assert_eq!((landed.calls.inserted, landed.deleted), (500, 500));
    assert_eq!(landed.withdrawn, 500);
    watched.has_values("page", &texts, &CALL_TEXTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_and_dead_letters_are_values() {
    let watched = Watched::start(SnowflakeStoreConfig::default()).await;
    let (store, texts) = (&watched.store, hostile_strings());
    for text in &texts {
        let start = RunStart {
            run_id: format!("{text} started"),
            mode: SyncMode::Backfill,
            window: year(),
            settings: format!("{text} settings"),
        };
        store.start_run(&start).await.unwrap();
        let finish = RunFinish {
            run_id: format!("{text} finished"),
            mode: SyncMode::Backfill,
            window: year(),
            watermark: None,
            counts: RunCounts::default(),
        };
        store.finish_run(&finish).await.unwrap();
        let known = KnownCallsQuery {
            window: Some(year()),
            after: Some(format!("{text} after").into()),
            limit: 5,
        };
        store.known_calls(&known).await.unwrap();
    }
    watched.has_values("run", &texts, &["started", "settings", "finished", "after"]);
    let letters: Vec<DeadLetter> = texts
        .iter()
        .map(|text| DeadLetter {
            stream: Stream::Transcripts,
            fault: Fault::Call(text.as_str().into()),
            reason: format!("{text} reason"),
            payload: Some(format!("{text} payload")),
            run_id: format!("{text} run"),
            failed_at: Timestamp::UNIX_EPOCH,
            decoder_version: 7,
        })
        .collect();
    store.record_dead_letters(&letters).await.unwrap();
    watched.has_values("letter", &texts, &["reason", "payload", "run", ""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_letters_and_origins_are_values() {
    let watched = Watched::start(SnowflakeStoreConfig::default()).await;
    let (store, texts) = (&watched.store, hostile_strings());
    for text in &texts {
        let query = DeadLettersQuery {
            after: Some(format!("2026-01-01T00:00:00Z calls {text} letter")),
            ..DeadLettersQuery::first(5)
        };
        store.dead_letters(&query).await.unwrap();
        let key = format!("{text} key");
        store
            .retire_dead_letter(Stream::Calls, &key, Timestamp::UNIX_EPOCH)
            .await
            .unwrap();
        let origin = Origin {
            host: format!("{text} host"),
            workspaces: vec![format!("{text} workspace")],
        };
        store.set_origin(&origin).await.unwrap();
    }
    watched.has_values("keys", &texts, &["letter", "key", "host", "workspace"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_staged_is_values() {
    let watched = Watched::start(SnowflakeStoreConfig::default()).await;
    // NUL is cleaned in documents before they land.
    let clean = |text: String| text.replace('\0', "\u{fffd}");
    let texts: Vec<String> = hostile_strings().into_iter().map(clean).collect();
    let ids = texts
        .iter()
        .flat_map(|text| [text.as_str().into(), format!("{text} bad").into()]);
    let scope = TransformScope::Calls(ids.collect());
    let report = watched.store.transform(scope).await.unwrap();
    assert_eq!((report.transformed, report.failed.len()), (500, 500));
    assert_eq!(report.sentences, 500);
    let endings = [CALL_TEXTS.as_slice(), &["said", "bad", "bad run"]].concat();
    watched.has_values("staged", &texts, &endings);
}

#[tokio::test(flavor = "multi_thread")]
async fn insights_and_records_are_values() {
    let watched = Watched::start(SnowflakeStoreConfig::default()).await;
    let (store, texts) = (&watched.store, hostile_strings());
    let all: Vec<_> = texts.iter().map(|text| insights(text)).collect();
    store.save_insights(&all).await.unwrap();
    watched.has_values(
        "insights",
        &texts,
        &[
            "kind", "found", "summary", "topic", "chunk", "embedder", "backend", "model", "",
        ],
    );
    store.save_crm(&snapshot(&texts)).await.unwrap();
    watched.has_values("records", &texts, &SNAPSHOT_TEXTS);
    let matches: Vec<_> = texts.iter().map(|text| crm_match(text, text)).collect();
    store.save_crm_matches(&matches).await.unwrap();
    watched.has_values(
        "matches",
        &texts,
        &["matched deal", "matched contact", "matched company", ""],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_is_values() {
    let watched = Watched::start(SnowflakeStoreConfig::default()).await;
    let (store, texts) = (&watched.store, hostile_strings());
    for text in &texts {
        for rep in [
            Rep::Id(format!("{text} rep id").into()),
            Rep::Email(format!("{text} rep address")),
            Rep::Name(format!("{text} rep name")),
        ] {
            let query = CallQuery {
                rep: Some(rep.clone()),
                limit: 5,
                ..CallQuery::default()
            };
            store.find_calls(&query).await.unwrap();
            has_rep(&watched, text, &rep);
            store
                .calls_for_coaching(Some(&rep), year(), 5)
                .await
                .unwrap();
            has_rep(&watched, text, &rep);
        }
        store
            .call_detail(&format!("{text} call").into())
            .await
            .unwrap();
        let of_deal = CallQuery {
            deal_id: Some(format!("{text} deal").into()),
            limit: 5,
            ..CallQuery::default()
        };
        store.find_calls(&of_deal).await.unwrap();
        let query = ChunkEmbedding {
            model: format!("{text} embedder"),
            vector: vec![1.0, 2.0],
        };
        let excluded = format!("{text} excluded").into();
        store
            .similar_chunks(&query, Some(&excluded), 5)
            .await
            .unwrap();
        watched.has_values(
            "asked",
            std::slice::from_ref(text),
            &["call", "deal", "embedder", "excluded"],
        );
        // Words are cut apart before they are sent, so only the texts are looked at.
        store.search_chunks(text, 5).await.unwrap();
        if has_words(text) {
            watched.values();
        }
    }
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Names and addresses are compared in lower case.
fn has_rep(watched: &Watched, text: &str, rep: &Rep) {
    let wanted = match rep {
        Rep::Id(_) => format!("{text} rep id"),
        Rep::Email(_) => format!("{text} rep address"),
        _ => format!("{text} rep name"),
    };
    let values = watched.values();
    let is_there = values
        .iter()
        .any(|value| value.to_lowercase() == wanted.to_lowercase());
    assert!(is_there, "{wanted}: {values:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_search_service_finds_is_values() {
    let config = SnowflakeStoreConfig::default().with_search_service(Arc::new(Echo));
    let watched = Watched::start(config).await;
    let mut texts = hostile_strings();
    // Without a word there is nothing to look for, and nothing is sent.
    texts.retain(|text| has_words(text));
    for text in &texts {
        watched.store.search_chunks(text, 5).await.unwrap();
    }
    watched.has_values("found", &texts, &["found", ""]);
}
