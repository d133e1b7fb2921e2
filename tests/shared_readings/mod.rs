//! A call is paid for once, whether a client asks first or a task within Snowflake does:
//! on a stand-in that runs Snowflake's SQL, with a double of its models.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod account;
mod month;
mod sent;

use std::sync::Arc;

use agents::insights::InsightBuilder;
use calls::reading::Reading;
use cortex::sql::CortexSql;
use serde_json::{Value, json};
use snowflake_sql::{SqlPool, SqlText, Statement};
use snowflake_store::{CallDetail, CallReader};

use account::{World, config, reading_of};

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
    let first_words = |detail: &CallDetail| {
        let transcript = detail.transcript.as_ref().unwrap();
        transcript.sentences[0].text.clone()
    };
    // As AI_COMPLETE answers with show_details.
    let answer = |detail: &CallDetail| {
        json!({
            "usage": {"prompt_tokens": 1_000, "completion_tokens": 100},
            "structured_output": [{"raw_message": reading_of(&first_words(detail))}],
        })
    };
    let replies = json!(
        details
            .iter()
            .map(|detail| json!({"id": detail.call.id, "value": answer(detail)}))
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
        assert!(read.reading.summary.contains(&first_words(&detail)));
        assert!(
            !read.reading.summary.contains("9,999,999"),
            "nobody said that"
        );
    }
    assert_eq!(world.account.models.statements(), 0);
    let kept = world
        .rows("SELECT SUM(REQUESTS)::INTEGER, COUNT(ANSWER), COUNT(*), COUNT(CLAIM_ID) FROM CALL_READINGS")
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

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_leaves_over_or_was_refused_waits_for_the_next() {
    let Some(world) = World::start().await else {
        return;
    };
    let waiting = async || -> u64 {
        let rows = world
            .rows("SELECT COUNT(*) AS N FROM GONG_AI_WAITING")
            .await;
        rows[0][0].as_deref().unwrap().parse().unwrap()
    };
    let all = waiting().await;
    assert!(all > 2);
    world.rows("UPDATE GONG_AI_READER SET MOST_CALLS = 2").await;
    assert_eq!(world.claim("claim-1").await, 2);
    assert_eq!(waiting().await, all, "claimed, and not answered");
    let answered = "UPDATE CALL_READINGS SET ANSWER = PARSE_JSON('{}'), CLAIM_ID = NULL \
        WHERE CALL_ID = (SELECT MIN(CALL_ID) FROM CALL_READINGS)";
    world.rows(answered).await;
    let refused = "UPDATE CALL_READINGS SET REFUSAL = 'no', REQUESTS = 1, CLAIM_ID = NULL \
        WHERE ANSWER IS NULL";
    world.rows(refused).await;
    assert_eq!(waiting().await, all - 1, "what was refused is asked again");
    world.rows("UPDATE CALL_READINGS SET REQUESTS = 2").await;
    assert_eq!(waiting().await, all - 2, "and not for ever");
    world
        .rows("UPDATE GONG_AI_READER SET ENABLED = FALSE")
        .await;
    assert_eq!(waiting().await, 0);
}
