//! What stands around the questions to models within Snowflake: who is asked, what is
//! paid for once, where answers go and when they are forgotten. The stand-in knows no
//! model, so answers are written into the ledger as the statements that ask write them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fakesnow;

use std::sync::Arc;

use calls::CallId;
use snowflake_sql::{SqlPool, SqlText, Statement};
use snowflake_store::{
    CallInsights, CallQuery, CallReader, Insights, Landing, LandingPage, SnowflakeServer,
    SnowflakeStore, SnowflakeStoreConfig, TransformScope, Upkeep,
};
use testkit::conformance::store::{CallDocument, Line, transcript_document};

macro_rules! statement {
    ($file:literal $(, $value:expr)* $(,)?) => {
        Statement::new(
            $file,
            SqlText::fixed(include_str!(concat!("../sql/snowflake/statements/", $file, ".sql"))),
        )$(.bind($value))*
    };
}

/// As `GONG_AI_ENQUEUE` runs them.
fn enqueue() -> Vec<Statement> {
    vec![
        statement!("ai_drop_chunks"),
        statement!("ai_add_chunks"),
        statement!("ai_drop_unwanted"),
        statement!("ai_enqueue"),
        statement!("ai_link_calls"),
    ]
}

/// As `GONG_AI_CLAIM` runs them.
fn claim(step: &'static str, claim: &'static str) -> Vec<Statement> {
    vec![
        statement!("ai_settle_answered", step),
        statement!("ai_requeue_stale", step),
        statement!("ai_claim", claim, step, 0),
    ]
}

/// As `GONG_AI_SETTLE` runs them.
fn settle(claim: &'static str) -> Vec<Statement> {
    vec![
        statement!("ai_settle_claim", claim, claim),
        statement!("ai_release_claim", claim),
    ]
}

struct Account {
    store: SnowflakeStore,
    pool: Arc<dyn SqlPool>,
    _server: fakesnow::Server,
}

impl Account {
    async fn new() -> Option<Self> {
        let (pool, server) = fakesnow::pool()?;
        let pool: Arc<dyn SqlPool> = pool;
        let config = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
        let store = SnowflakeStore::new(Arc::clone(&pool), config).unwrap();
        store.migrate().await.unwrap();
        let account = Self {
            store,
            pool,
            _server: server,
        };
        account
            .run("UPDATE GONG_AI_SETTINGS SET ENABLED = TRUE")
            .await;
        Some(account)
    }

    async fn call(&self, id: &str, words: &str) {
        let lines: [Line<'_>; 2] = [
            ("v-rep", 0, 1_000, words),
            ("v-buyer", 1_000, 2_000, "Yes."),
        ];
        let page = LandingPage::new("run")
            .with_calls(vec![CallDocument::new(id).document()])
            .with_transcripts(vec![transcript_document(id, &lines)]);
        let landed = self.store.land(page).await.unwrap();
        let scope = TransformScope::Calls(landed.changed);
        self.store.transform(scope).await.unwrap();
    }

    async fn run(&self, text: &'static str) {
        let statement = Statement::new("test", SqlText::fixed(text));
        self.pool.query(&statement).await.unwrap();
    }

    /// Rows that each of the statements wrote.
    async fn write(&self, statements: Vec<Statement>) -> Vec<u64> {
        let replies = self.pool.transaction(&statements).await.unwrap();
        replies.iter().map(snowflake_sql::Rows::affected).collect()
    }

    async fn text(&self, text: &'static str) -> String {
        let statement = Statement::new("test", SqlText::fixed(text));
        let rows = self.pool.query(&statement).await.unwrap();
        let row = rows.first().unwrap();
        row.text(&rows.columns()[0])
            .unwrap()
            .unwrap_or("null")
            .to_owned()
    }

    async fn answer(&self, claim: &'static str, result: &'static str) {
        let text = "INSERT INTO GONG_AI_LEDGER (WORK_ID, STEP, MODEL, RESULT, ERROR, CLAIM_ID, ANSWERED_AT)
            SELECT WORK_ID, STEP, MODEL, PARSE_JSON(?), NULL, CLAIM_ID, CURRENT_TIMESTAMP()
            FROM GONG_AI_WORK WHERE CLAIM_ID = ? AND STATE = 'claimed'";
        let statement = Statement::new("answer", SqlText::fixed(text));
        let statement = statement.bind(result).bind(claim);
        self.pool.query(&statement).await.unwrap();
    }
}

const POSITIVE: &str = r#"{"categories": [{"name": "overall", "sentiment": "positive"}]}"#;

#[tokio::test]
async fn the_same_words_are_asked_about_once() {
    let Some(account) = Account::new().await else {
        return;
    };
    account.call("1", "We ship on Friday.").await;
    account.call("2", "We ship on Friday.").await;
    account.call("3", "We do not ship.").await;
    // Three steps for two different passages, and the summaries of two different calls.
    let written = account.write(enqueue()).await;
    assert_eq!(written, [0, 3, 0, 8, 12]);
    assert_eq!(account.write(enqueue()).await, [0; 5], "nothing is rebuilt");

    account.call("3", "We ship tomorrow.").await;
    let written = account.write(enqueue()).await;
    assert_eq!(
        written,
        [1, 1, 4, 4, 4],
        "what nobody asked of the old words is dropped"
    );
}

#[tokio::test]
async fn an_answer_of_a_session_that_died_is_not_paid_for_again() {
    let Some(account) = Account::new().await else {
        return;
    };
    account.call("1", "We ship on Friday.").await;
    account.call("2", "We do not ship.").await;
    account.write(enqueue()).await;
    assert_eq!(account.write(claim("sentiment", "died")).await, [0, 0, 2]);
    account
        .run("INSERT INTO GONG_AI_LEDGER (WORK_ID, STEP, MODEL, RESULT, ERROR, CLAIM_ID, ANSWERED_AT)
            SELECT WORK_ID, STEP, MODEL, PARSE_JSON('{}'), NULL, CLAIM_ID, CURRENT_TIMESTAMP()
            FROM GONG_AI_WORK WHERE CLAIM_ID = 'died' ORDER BY WORK_ID LIMIT 1")
        .await;
    assert_eq!(account.write(claim("sentiment", "next")).await, [1, 0, 0]);
    account
        .run("UPDATE GONG_AI_WORK SET CLAIMED_AT = DATEADD(HOUR, -3, CURRENT_TIMESTAMP())")
        .await;
    assert_eq!(account.write(claim("sentiment", "next")).await, [0, 1, 1]);
    let states = "SELECT LISTAGG(STATE, ',') WITHIN GROUP (ORDER BY STATE)
        FROM GONG_AI_WORK WHERE STEP = 'sentiment'";
    assert_eq!(account.text(states).await, "claimed,done");
}

#[tokio::test]
async fn what_a_model_refuses_is_tried_again_later_and_then_no_more() {
    let Some(account) = Account::new().await else {
        return;
    };
    account.call("1", "We ship on Friday.").await;
    account.write(enqueue()).await;
    let state = "SELECT STATE || ' ' || ATTEMPTS || ' ' || COALESCE(LAST_ERROR, '-')
        FROM GONG_AI_WORK WHERE STEP = 'embedding'";
    let work = account
        .text("SELECT WORK_ID FROM GONG_AI_WORK WHERE STEP = 'embedding'")
        .await;
    for (name, after) in [
        ("1", "queued 1 no"),
        ("2", "queued 2 no"),
        ("3", "failed 3 no"),
    ] {
        assert_eq!(account.write(claim("embedding", name)).await, [0, 0, 1]);
        let refused = statement!("ai_record_refused", "no", name, work.as_str());
        account.write(vec![refused]).await;
        assert_eq!(account.write(settle(name)).await, [1, 0]);
        assert_eq!(account.text(state).await, after);
        let at_once = account.write(claim("embedding", "at once")).await;
        assert_eq!(at_once, [0, 0, 0], "not within half an hour");
        account
            .run("UPDATE GONG_AI_WORK SET CLAIMED_AT = DATEADD(HOUR, -1, CURRENT_TIMESTAMP())")
            .await;
    }
    let waiting = "SELECT AI_WORK_WAITING || ' ' || AI_WORK_FAILED FROM VW_GONG_FRESHNESS";
    assert_eq!(account.text(waiting).await, "3 1");
}

#[tokio::test]
async fn work_of_another_model_is_not_claimed_and_what_is_not_asked_goes_back() {
    let Some(account) = Account::new().await else {
        return;
    };
    account.call("1", "We ship on Friday.").await;
    account.write(enqueue()).await;
    assert_eq!(account.write(claim("summary", "cut off")).await, [0, 0, 1]);
    assert_eq!(account.write(settle("cut off")).await, [0, 1]);
    let state = "SELECT STATE || ATTEMPTS FROM GONG_AI_WORK WHERE STEP = 'summary'";
    assert_eq!(account.text(state).await, "queued0");
    account
        .run("UPDATE GONG_AI_WORK SET CLAIMED_AT = NULL")
        .await;
    account
        .run("UPDATE GONG_AI_SETTINGS SET MODEL = 'other' WHERE STEP = 'summary'")
        .await;
    assert_eq!(account.write(claim("summary", "other")).await, [0, 0, 0]);
    assert_eq!(account.write(enqueue()).await, [0, 0, 1, 1, 1]);
    assert_eq!(account.write(claim("summary", "other")).await, [0, 0, 1]);
}

#[tokio::test]
async fn answers_show_in_the_calls_and_leave_the_analysis_to_the_agents() {
    let Some(account) = Account::new().await else {
        return;
    };
    account.call("1", "We ship on Friday.").await;
    account.write(enqueue()).await;
    for (step, answer) in [
        ("sentiment", POSITIVE),
        ("signals", r#"{"labels": ["pricing", "none of these"]}"#),
        (
            "summary",
            r#"{"summary": "They ship.", "next_steps": [{"text": "Ship", "certainty": 0.75}], "risks": []}"#,
        ),
    ] {
        assert_eq!(account.write(claim(step, step)).await, [0, 0, 1]);
        account.answer(step, answer).await;
        assert_eq!(account.write(settle(step)).await, [1, 0]);
    }
    let words = "SELECT COUNT(INPUT_TEXT) FROM GONG_AI_WORK WHERE STATE = 'done'";
    assert_eq!(
        account.text(words).await,
        "0",
        "answered work holds no words"
    );
    assert_eq!(account.write(vec![statement!("ai_apply")]).await, [1]);
    assert_eq!(account.write(vec![statement!("ai_apply")]).await, [0]);
    let shown =
        "SELECT SENTIMENT_LABEL || '; ' || CALL_SUMMARY || '; ' || TO_JSON(KEY_TOPICS) || '; '
        || TO_JSON(NEXT_STEPS) || '; ' || COALESCE(INSIGHTS_BACKEND, 'nobody') FROM STG_GONG_CALLS";
    assert_eq!(
        account.text(shown).await,
        r#"positive; They ship.; ["pricing"]; [{"kind":"next_step","text":"Ship","score":0.75,"sentences":[]}]; nobody"#
    );

    let id = CallId::new("1");
    let detail = account.store.call_detail(&id).await.unwrap().unwrap();
    assert_eq!(detail.insights, None, "an agent has not analysed it");
    let backlog = CallQuery {
        without_insights: true,
        limit: 10,
        ..CallQuery::default()
    };
    assert_eq!(account.store.find_calls(&backlog).await.unwrap().len(), 1);

    let of_an_agent = CallInsights {
        call_id: id,
        transcript_sha: None,
        sentiment: None,
        summary: Some("By an agent.".to_owned()),
        key_topics: Vec::new(),
        risks: Some(Vec::new()),
        next_steps: Some(Vec::new()),
        sentence_sentiments: Vec::new(),
        chunks: Vec::new(),
        provenance: calls::Provenance::new("agent", "model"),
    };
    account.store.save_insights(&[of_an_agent]).await.unwrap();
    assert_eq!(account.write(vec![statement!("ai_apply")]).await, [0]);
    let summary = account
        .text("SELECT CALL_SUMMARY FROM STG_GONG_CALLS")
        .await;
    assert_eq!(summary, "By an agent.");
}

/// How many rows there are of what models were asked and answered.
const LEFT: &str = "SELECT (SELECT COUNT(*) FROM GONG_AI_CHUNKS) || ' ' || (SELECT COUNT(*) FROM GONG_AI_WORK)
        || ' ' || (SELECT COUNT(*) FROM GONG_AI_WORK_CALLS) || ' ' || (SELECT COUNT(*) FROM GONG_AI_LEDGER)
        || ' ' || (SELECT COUNT(*) FROM GONG_AI_EMBEDDINGS)";

/// An account whose models have answered about two calls, and about the first one's words
/// of before.
async fn answered() -> Option<Account> {
    let account = Account::new().await?;
    account.call("1", "In confidence.").await;
    account.call("2", "We ship on Friday.").await;
    account.write(enqueue()).await;
    account.write(claim("sentiment", "a")).await;
    account.answer("a", POSITIVE).await;
    account.write(settle("a")).await;
    account
        .run("INSERT INTO GONG_AI_EMBEDDINGS (WORK_ID, EMBEDDING_MODEL, EMBEDDING_DIM, EMBEDDING, EMBEDDED_AT)
            SELECT WORK_ID, MODEL, 2, PARSE_JSON('[1, 0]')::ARRAY, CURRENT_TIMESTAMP()
            FROM GONG_AI_WORK WHERE STEP = 'embedding'")
        .await;
    account.call("1", "In strict confidence.").await;
    account.write(enqueue()).await;
    Some(account)
}

#[tokio::test]
async fn words_of_a_deleted_call_or_a_withdrawn_transcript_are_nowhere() {
    let one = || vec![CallId::new("1")];
    let deletion = LandingPage::default().with_deleted(one());
    let withdrawal = LandingPage::default().with_withdrawn(one());
    for page in [deletion, withdrawal] {
        let Some(account) = answered().await else {
            return;
        };
        account.store.land(page).await.unwrap();
        let left = account.text(LEFT).await;
        assert_eq!(left, "1 4 4 1 1", "those of the other call");
        let whose = "SELECT CALL_ID FROM VW_GONG_CHUNK_VECTORS";
        assert_eq!(account.text(whose).await, "2");
        assert_eq!(account.write(enqueue()).await, [0; 5], "nor asked again");
    }
}

#[tokio::test]
async fn words_of_a_call_that_is_too_old_are_nowhere() {
    let Some(account) = answered().await else {
        return;
    };
    account
        .run("UPDATE GONG_DATA_RETENTION_POLICY SET RETENTION_DAYS = 1 WHERE TABLE_NAME = 'STG_GONG_CALLS'")
        .await;
    let now = "2100-01-01T00:00:00Z".parse().unwrap();
    account.store.apply_retention(now).await.unwrap();
    assert_eq!(
        account.text(LEFT).await,
        "0 0 0 0 0",
        "what is too old goes with its words"
    );
}
