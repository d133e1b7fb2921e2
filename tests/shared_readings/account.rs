//! An account in which models and tables are two doubles, and how it is asked.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use agents::insights::InsightBuilder;
use async_trait::async_trait;
use cortex::sql::{CortexSql, CortexSqlConfig};
use serde_json::{Value, json};
use snowflake_sql::{
    Credentials, Result, Rows, SessionCapabilities, SnowflakeConfig, SnowflakePool, SqlPool,
    SqlSession, SqlText, Statement,
};
use snowflake_store::{
    CallDetail, CallQuery, CallReader, CallReading, Insights, Landing, LandingPage, RawDocument,
    ReaderInDatabase, SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, TransformScope,
    Upkeep,
};
use testkit::cortex_sql::CortexSqlDouble;
use testkit::fakesnow::FakeSnow;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

use crate::shared_readings::sent::Sent;

/// One account: models are the double's, everything else runs on the stand-in.
#[derive(Debug)]
pub(crate) struct OneAccount {
    pub(crate) sessions: SnowflakePool,
    pub(crate) models: CortexSqlDouble,
    sent: Mutex<Sent>,
}

impl OneAccount {
    fn note(&self, sent: Sent) {
        *self.sent.lock().unwrap() += sent;
    }

    /// What was sent since this was last asked.
    pub(crate) fn sent(&self) -> Sent {
        std::mem::take(&mut self.sent.lock().unwrap())
    }
}

pub(crate) fn asks_a_model(statement: &Statement) -> bool {
    statement.name() == "models" || statement.name().starts_with("ai_")
}

#[async_trait]
impl SqlPool for OneAccount {
    fn capabilities(&self) -> SessionCapabilities {
        self.sessions.capabilities()
    }

    async fn session(&self) -> Result<Box<dyn SqlSession>> {
        self.sessions.session().await
    }

    async fn query(&self, statement: &Statement) -> Result<Rows> {
        let mut sent = Sent::of(std::slice::from_ref(statement));
        if asks_a_model(statement) {
            let replies = self.models.query(statement).await?;
            let is_paid = statement.name() != "models";
            self.note(if is_paid {
                sent.with_replies(&replies)
            } else {
                sent
            });
            return Ok(replies);
        }
        let began = Instant::now();
        let rows = self.sessions.query(statement).await;
        sent.ran = began.elapsed();
        self.note(sent);
        rows
    }

    async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        let mut sent = Sent::of(statements);
        let began = Instant::now();
        let rows = self.sessions.transaction(statements).await;
        sent.ran = began.elapsed();
        self.note(sent);
        rows
    }
}

pub(crate) struct World {
    pub(crate) account: Arc<OneAccount>,
    pub(crate) store: SnowflakeStore,
    pub(crate) reader: InsightBuilder,
    _server: FakeSnow,
}

macro_rules! statement {
    ($file:literal $(, $value:expr)* $(,)?) => {
        Statement::new(
            concat!("test_", $file),
            SqlText::fixed(include_str!(concat!("../../sql/snowflake/statements/", $file, ".sql"))),
        )$(.bind($value))*
    };
}

pub(crate) fn config() -> CortexSqlConfig {
    CortexSqlConfig::default().with_shared_readings(true)
}

impl World {
    /// Calls are staged, and a reader within Snowflake is on.
    pub(crate) async fn start() -> Option<Self> {
        let world = Self::empty().await?;
        let org = SyntheticOrg::generate(&SyntheticConfig {
            deals: 2,
            ..SyntheticConfig::default()
        });
        let document =
            |id: &str, value: &Value| RawDocument::new(id.into(), value.to_string()).unwrap();
        let calls = org.calls.iter();
        let page = LandingPage::new("run")
            .with_calls(
                calls
                    .clone()
                    .map(|call| document(call.id().unwrap(), &call.extensive))
                    .collect(),
            )
            .with_transcripts(
                calls
                    .filter_map(|call| {
                        Some(document(call.id().unwrap(), call.transcript.as_ref()?))
                    })
                    .collect(),
            );
        world.store.land(page).await.unwrap();
        let pending = TransformScope::Pending { limit: 1_000 };
        world.store.transform(pending).await.unwrap();
        Some(world)
    }

    /// A reader within Snowflake is on.
    pub(crate) async fn empty() -> Option<Self> {
        let server = FakeSnow::available().unwrap()?;
        let database = format!("DB_{}", uuid::Uuid::new_v4().simple());
        let sessions = SnowflakeConfig::new("test", "TESTER", Credentials::password("none"))
            .unwrap()
            .with_base_url(server.base_url().as_str())
            .unwrap()
            .with_database(database.to_uppercase())
            .with_schema("CALLS");
        let account = Arc::new(OneAccount {
            sessions: SnowflakePool::new(sessions),
            models: CortexSqlDouble::new(),
            sent: Mutex::default(),
        });
        let settings = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
        let store = SnowflakeStore::new(account.clone(), settings).unwrap();
        store.migrate().await.unwrap();
        let question = config().question_in_database().unwrap();
        let reader = ReaderInDatabase {
            reader: question.reader,
            before: question.before,
            after: question.after,
            parameters: question.parameters,
            response_format: question.response_format,
            pending: question.pending,
            most_sentences: question.most_sentences,
        };
        store
            .set_reader_in_database(&reader, &"NOT_MADE_HERE".parse().unwrap())
            .await
            .unwrap();
        let cortex = CortexSql::new(account.clone(), config()).unwrap();
        let cortex: Arc<dyn cortex::LanguageBackend> = Arc::new(cortex);
        Some(Self {
            account,
            store,
            reader: cortex.into(),
            _server: server,
        })
    }

    /// Claims as `GONG_AI_READ` does; how many calls.
    pub(crate) async fn claim(&self, claim: &str) -> u64 {
        let statements = [
            statement!("lock_leases"),
            statement!("ai_claim", claim, 0, "llama3.1-8b"),
        ];
        let replies = self.account.transaction(&statements).await;
        replies.unwrap()[1].affected()
    }

    pub(crate) async fn rows(&self, text: &'static str) -> Vec<Vec<Option<String>>> {
        let statement = Statement::new("test", SqlText::fixed(text));
        let rows = self.account.sessions.query(&statement).await.unwrap();
        let columns = rows.columns().to_vec();
        let cells = |row: snowflake_sql::Row<'_>| {
            let cell = |column: &String| row.text(column).unwrap().map(str::to_owned);
            columns.iter().map(cell).collect()
        };
        rows.iter().map(cells).collect()
    }

    pub(crate) async fn details(&self) -> Vec<CallDetail> {
        let query = CallQuery {
            with_transcript: true,
            limit: 100,
            ..CallQuery::default()
        };
        let mut details = Vec::new();
        for header in self.store.find_calls(&query).await.unwrap() {
            let detail = self.store.call_detail(&header.id).await.unwrap().unwrap();
            details.push(detail);
        }
        details
    }

    /// Has the client read a call, as agents do.
    pub(crate) async fn read(&self, detail: &CallDetail) -> CallReading {
        let reading = self.reader.read(detail).await.unwrap();
        let saved = std::slice::from_ref(&reading);
        self.store.save_readings(saved).await.unwrap();
        reading
    }
}

/// A reading as a model writes it, of a call that begins with these words; and a claim that
/// no sentence holds.
pub(crate) fn reading_of(first_words: &str) -> Value {
    let none = json!([]);
    let known = json!({"state": "unknown", "what": [], "sentences": []});
    let elements = [
        "metrics",
        "economic_buyer",
        "decision_criteria",
        "decision_process",
        "paper_process",
        "pain",
        "champion",
        "competition",
    ];
    let elements = elements.map(|element| (element.to_owned(), known.clone()));
    let qualification: Value = elements
        .into_iter()
        .collect::<serde_json::Map<_, _>>()
        .into();
    json!({
        "call_type": "discovery", "next_steps": none, "pushback": none, "competitors": none,
        "pricing": none, "decision": none, "timeline": none, "praise": none, "pains": none,
        "qualification": qualification, "moments": none,
        "summary": [
            {"what": first_words, "sentences": [0]},
            {"what": "A contract over 9,999,999 dollars was signed.", "sentences": [999_999]},
        ],
        "deal_health": 50, "deal_health_why": none,
    })
}
