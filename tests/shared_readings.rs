//! A call is paid for once, whether a client asks first or a task within Snowflake does:
//! on a stand-in that runs Snowflake's SQL, with a double of its models.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use agents::insights::InsightBuilder;
use async_trait::async_trait;
use calls::reading::Reading;
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

/// One account: models are the double's, everything else runs on the stand-in.
#[derive(Debug)]
struct OneAccount {
    sessions: SnowflakePool,
    models: CortexSqlDouble,
}

fn asks_a_model(statement: &Statement) -> bool {
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
        match asks_a_model(statement) {
            true => self.models.query(statement).await,
            false => self.sessions.query(statement).await,
        }
    }

    async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        self.sessions.transaction(statements).await
    }
}

struct World {
    account: Arc<OneAccount>,
    store: SnowflakeStore,
    reader: InsightBuilder,
    _server: FakeSnow,
}

macro_rules! statement {
    ($file:literal $(, $value:expr)* $(,)?) => {
        Statement::new(
            concat!("test_", $file),
            SqlText::fixed(include_str!(concat!("../sql/snowflake/statements/", $file, ".sql"))),
        )$(.bind($value))*
    };
}

fn config() -> CortexSqlConfig {
    CortexSqlConfig::default().with_shared_readings(true)
}

impl World {
    /// Calls are staged, and a reader within Snowflake is on.
    async fn start() -> Option<Self> {
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
        });
        let settings = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
        let store = SnowflakeStore::new(account.clone(), settings).unwrap();
        store.migrate().await.unwrap();
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
        store.land(page).await.unwrap();
        let pending = TransformScope::Pending { limit: 1_000 };
        store.transform(pending).await.unwrap();
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
    async fn claim(&self, claim: &str) -> u64 {
        let statements = [
            statement!("lock_leases"),
            statement!("ai_claim", claim, 0, "claude-haiku-4-5"),
        ];
        let replies = self.account.sessions.transaction(&statements).await;
        replies.unwrap()[1].affected()
    }

    async fn rows(&self, text: &'static str) -> Vec<Vec<Option<String>>> {
        let statement = Statement::new("test", SqlText::fixed(text));
        let rows = self.account.sessions.query(&statement).await.unwrap();
        let columns = rows.columns().to_vec();
        let cells = |row: snowflake_sql::Row<'_>| {
            let cell = |column: &String| row.text(column).unwrap().map(str::to_owned);
            columns.iter().map(cell).collect()
        };
        rows.iter().map(cells).collect()
    }

    async fn details(&self) -> Vec<CallDetail> {
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
    async fn read(&self, detail: &CallDetail) -> CallReading {
        let reading = self.reader.read(detail).await.unwrap();
        let saved = std::slice::from_ref(&reading);
        self.store.save_readings(saved).await.unwrap();
        reading
    }
}

/// What stands between the fence's lines, without what is null.
fn lines_of(prompt: &str) -> Vec<Value> {
    let fenced = prompt
        .lines()
        .skip_while(|line| !line.starts_with("<call-"));
    let lines = fenced
        .skip(1)
        .take_while(|line| !line.starts_with("</call-"));
    lines
        .map(|line| {
            assert!(!line.contains(['<', '>']), "{line}");
            without_nulls(serde_json::from_str(line).unwrap())
        })
        .collect()
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            kept.map(|(name, value)| (name, without_nulls(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        Value::Number(number) => json!(number.as_f64()),
        other => other,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_asks_what_a_client_would_ask() {
    let Some(world) = World::start().await else {
        return;
    };
    let details = world.details().await;
    assert!(details.len() > 3);
    assert_eq!(world.claim("claim-1").await, details.len() as u64);
    let prompts = world
        .rows("SELECT CALL_ID, PROMPT FROM GONG_AI_PROMPTS ORDER BY CALL_ID")
        .await;
    assert_eq!(prompts.len(), details.len());
    // The client's own prompts, of readings that it does not share.
    let alone = config().with_shared_readings(false);
    let alone = CortexSql::new(world.account.clone(), alone).unwrap();
    let alone: Arc<dyn cortex::LanguageBackend> = Arc::new(alone);
    let alone = InsightBuilder::from(alone);
    for detail in &details {
        alone.read(detail).await.unwrap();
        let asked = world.account.models.asked().pop().unwrap();
        let row = prompts
            .iter()
            .find(|row| row[0].as_deref() == Some(detail.call.id.as_str()));
        let by_task = row.unwrap()[1].as_deref().unwrap();
        let (ours, theirs) = (lines_of(&asked), lines_of(by_task));
        assert!(ours.len() > 3);
        assert_eq!(ours[1..], theirs[1..], "the sentences");
        let mut facts = ours[0].clone();
        // What the store does not tell a task.
        for unknown in ["open_steps_of_earlier_calls", "deal"] {
            facts.as_object_mut().unwrap().remove(unknown);
        }
        let mut told = theirs[0].clone();
        told.as_object_mut().unwrap().remove("deal");
        assert_eq!(facts, told);
        let before = |prompt: &str| prompt.split_once("<call-").unwrap().0.to_owned();
        let after = |prompt: &str| {
            prompt
                .rsplit_once("\nThe data have ended")
                .unwrap()
                .1
                .to_owned()
        };
        assert_eq!(before(&asked), before(by_task), "criteria, task and schema");
        assert_eq!(after(&asked), after(by_task));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_has_read_no_task_asks_about() {
    let Some(world) = World::start().await else {
        return;
    };
    let details = world.details().await;
    let read = world.read(&details[0]).await;
    assert!(!read.is_retryable(), "{:?}", read.reading.failed);
    assert_eq!(world.account.models.statements(), 1);
    assert_eq!(world.claim("claim-1").await, details.len() as u64 - 1);
    assert_eq!(world.claim("claim-2").await, 0, "they are claimed");

    // And while a task asks, no client does.
    let waiting = world.reader.read(&details[1]).await.unwrap();
    assert!(waiting.is_retryable());
    assert_eq!(world.account.models.statements(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_task_was_answered_a_client_checks_and_does_not_pay_for() {
    let Some(world) = World::start().await else {
        return;
    };
    let details = world.details().await;
    world.claim("claim-1").await;
    // As AI_COMPLETE answers with show_details: one claim is said, the other one is not.
    let answer = |sentence: usize| {
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
        let qualification: Value = elements
            .iter()
            .map(|element| ((*element).to_owned(), known.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into();
        json!({
            "usage": {"prompt_tokens": 1_000, "completion_tokens": 100},
            "structured_output": [{"raw_message": {
                "call_type": "discovery", "next_steps": none, "pushback": none, "competitors": none,
                "pricing": none, "decision": none, "timeline": none, "praise": none, "pains": none,
                "qualification": qualification, "moments": none,
                "summary": [
                    {"what": "They spoke.", "sentences": [sentence]},
                    {"what": "A contract over 9,999,999 dollars was signed.", "sentences": [999_999]},
                ],
                "deal_health": 50, "deal_health_why": none,
            }}],
        })
    };
    let replies = json!(
        details
            .iter()
            .map(|detail| json!({"id": detail.call.id, "value": answer(0)}))
            .collect::<Vec<_>>()
    );
    let recorded = Statement::new(
        "test",
        SqlText::fixed(
            "UPDATE CALL_READINGS SET ANSWER = S.ANSWER, REQUESTS = 1, CLAIM_ID = NULL
            FROM (SELECT F.VALUE:id::VARCHAR AS CALL_ID, F.VALUE:value AS ANSWER
                FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F) AS S
            WHERE CALL_READINGS.CALL_ID = S.CALL_ID",
        ),
    )
    .bind(replies.to_string());
    world.account.sessions.query(&recorded).await.unwrap();

    for detail in &details {
        let detail = world
            .store
            .call_detail(&detail.call.id)
            .await
            .unwrap()
            .unwrap();
        let unchecked: Vec<&Reading> = detail.readings.iter().map(|one| &one.reading).collect();
        assert!(
            unchecked.iter().all(|reading| reading.summary.is_empty()),
            "it counts for nothing"
        );
        let read = world.read(&detail).await;
        assert!(!read.is_retryable(), "{:?}", read.reading.failed);
        assert_eq!(read.requests, 0, "somebody else has paid");
        assert!(read.reading.summary.contains("They spoke."));
        assert!(
            !read.reading.summary.contains("9,999,999"),
            "nobody said that"
        );
    }
    assert_eq!(world.account.models.statements(), 0);
    let kept = world
        .rows("SELECT SUM(REQUESTS), COUNT(ANSWER), COUNT(*), COUNT(CLAIM_ID) FROM CALL_READINGS")
        .await;
    let count = details.len().to_string();
    assert_eq!(
        kept[0],
        [
            Some(count.clone()),
            Some("0".into()),
            Some(count),
            Some("0".into())
        ]
    );
    assert_eq!(world.claim("claim-2").await, 0, "every call has been read");
}
