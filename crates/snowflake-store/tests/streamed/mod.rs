//! A store on a stand-in, with a double that streams rows into its tables.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::sync::Arc;

use async_trait::async_trait;
use calls::RawDocument;
use serde_json::{Value, json};
use snowflake_sql::{SnowflakePool, SqlPool, SqlText, Statement, Token, TokenKind};
use snowflake_store::{
    Checkpoint, CheckpointStep, LandingPage, RunStart, SnowflakeServer, SnowflakeStore,
    SnowflakeStoreConfig, Stream, StreamedLanding, SyncMode, Window,
};
use snowflake_streaming::outbound::HttpSettings;
use snowflake_streaming::{Row, RowChannel};
use testkit::streaming::StreamingDouble;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

use crate::fakesnow::{self, APPEND_CALLS, APPEND_TRANSCRIPTS};

/// A channel whose rows are in their table once it is flushed.
#[derive(Debug)]
pub struct TableChannel {
    pool: Arc<SnowflakePool>,
    append: SqlText,
    waiting: Vec<Value>,
    last: Option<u64>,
    committed: Option<u64>,
}

impl TableChannel {
    pub fn calls(pool: Arc<SnowflakePool>) -> Box<Self> {
        Self::into(pool, SqlText::fixed(APPEND_CALLS))
    }

    pub fn transcripts(pool: Arc<SnowflakePool>) -> Box<Self> {
        Self::into(pool, SqlText::fixed(APPEND_TRANSCRIPTS))
    }

    fn into(pool: Arc<SnowflakePool>, append: SqlText) -> Box<Self> {
        Box::new(Self {
            pool,
            append,
            waiting: Vec::new(),
            last: None,
            committed: None,
        })
    }
}

#[async_trait]
impl RowChannel for TableChannel {
    fn committed(&self) -> Option<u64> {
        self.committed
    }

    async fn append(&mut self, rows: &[Row]) -> snowflake_streaming::Result<usize> {
        let new = rows.iter().filter(|row| Some(row.offset()) > self.last);
        let new = new.map(|row| serde_json::from_str(row.json()).unwrap());
        let before = self.waiting.len();
        self.waiting.extend(new);
        self.last = self.last.max(rows.last().map(Row::offset));
        Ok(self.waiting.len() - before)
    }

    async fn flush(&mut self) -> snowflake_streaming::Result<Option<u64>> {
        if !self.waiting.is_empty() {
            let rows = json!(std::mem::take(&mut self.waiting)).to_string();
            let statement = Statement::new("append", self.append.clone()).bind(rows);
            self.pool.query(&statement).await.unwrap();
        }
        self.committed = self.last;
        Ok(self.committed)
    }
}

/// What both ways must leave behind; when it was landed differs.
pub const SAME_IN_BOTH: [&str; 3] = [
    "SELECT CALL_ID, PAYLOAD_SHA, CORRELATION_ID, STARTED_AT, SCHEDULED_AT, PROCESSED, DELETED_AT, RAW_DATA::VARCHAR
     FROM GONG_CALLS_RAW ORDER BY CALL_ID",
    "SELECT CALL_ID, PAYLOAD_SHA, CORRELATION_ID, PROCESSED, DELETED_AT, TRANSCRIPT_DATA::VARCHAR
     FROM GONG_CALL_TRANSCRIPTS_RAW ORDER BY CALL_ID",
    "SELECT STREAM, STEP, WINDOW_FROM, WINDOW_TO, CALLS_SEEN, CALLS_INSERTED, TRANSCRIPTS_INSERTED
     FROM GONG_INGESTION_STATE ORDER BY STATE_ID",
];

pub struct World {
    pub store: SnowflakeStore,
    pub double: StreamingDouble,
    pool: Arc<SnowflakePool>,
    _server: fakesnow::Server,
}

impl World {
    /// A migrated store and a double, or `None` after saying so.
    pub async fn start() -> Option<Self> {
        let (pool, server) = fakesnow::migrated().await?;
        let config = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
        let store = SnowflakeStore::new(pool.clone(), config).unwrap();
        let double = StreamingDouble::start().await.unwrap();
        let tables = pool.clone();
        double.commit_into(move |table, rows| {
            let text = match table {
                "GONG_CALLS_STREAMED" => APPEND_CALLS,
                _ => APPEND_TRANSCRIPTS,
            };
            let statement =
                Statement::new("append", SqlText::fixed(text)).bind(json!(rows).to_string());
            tokio::task::block_in_place(|| {
                let runtime = tokio::runtime::Handle::current();
                runtime.block_on(tables.query(&statement)).unwrap();
            });
        });
        Some(Self {
            store,
            double,
            pool,
            _server: server,
        })
    }

    pub async fn connect(&self) -> StreamedLanding {
        let token = Token::new(TokenKind::ProgrammaticAccess, StreamingDouble::TOKEN).unwrap();
        let url = self.double.url().parse().unwrap();
        let http = HttpSettings::default();
        StreamedLanding::connect(self.store.clone(), &url, Arc::new(token), &http)
            .await
            .unwrap()
    }

    pub async fn rows(&self, text: &'static str) -> Vec<Vec<Option<String>>> {
        fakesnow::rows(&*self.pool, text).await
    }

    /// Streamed rows that were not merged.
    pub async fn left_over(&self) -> Vec<Vec<Option<String>>> {
        let mut rows = self.rows("SELECT CALL_ID FROM GONG_CALLS_STREAMED").await;
        rows.extend(
            self.rows("SELECT CALL_ID FROM GONG_CALL_TRANSCRIPTS_STREAMED")
                .await,
        );
        rows
    }
}

fn window() -> Window {
    Window {
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        to: "2026-07-01T00:00:00Z".parse().unwrap(),
    }
}

pub fn run(mode: SyncMode) -> RunStart {
    RunStart {
        run_id: "run".to_owned(),
        mode,
        window: window(),
        settings: String::new(),
    }
}

/// Pages of one window, as a sync lands them: the last says that it is done.
pub fn pages(mode: SyncMode) -> Vec<LandingPage> {
    let org = SyntheticOrg::generate(&SyntheticConfig {
        deals: 4,
        ..SyntheticConfig::default()
    });
    let document =
        |id: &str, value: &Value| RawDocument::new(id.into(), value.to_string()).unwrap();
    let page = |step| {
        LandingPage::new("run").with_checkpoint(Checkpoint {
            run_id: "run".to_owned(),
            mode,
            stream: Stream::Calls,
            window: window(),
            step,
            position: None,
        })
    };
    let mut pages: Vec<LandingPage> = org
        .calls
        .chunks(org.calls.len().div_ceil(3))
        .map(|calls| {
            page(CheckpointStep::Page)
                .with_calls(
                    calls
                        .iter()
                        .map(|call| document(call.id().unwrap(), &call.extensive))
                        .collect(),
                )
                .with_transcripts(
                    calls
                        .iter()
                        .filter_map(|call| {
                            Some(document(call.id().unwrap(), call.transcript.as_ref()?))
                        })
                        .collect(),
                )
        })
        .collect();
    pages.push(page(CheckpointStep::WindowDone));
    pages
}

/// A call's document with another title.
pub fn dated(document: &RawDocument, title: &str) -> RawDocument {
    let mut value: Value = serde_json::from_str(document.text()).unwrap();
    value["metaData"]["title"] = json!(title);
    RawDocument::new(document.call_id.clone(), value.to_string()).unwrap()
}
