//! A month of calls, edits and deletions: what it sends, and that no call is paid for twice.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use agents::insights::InsightBuilder;
use cortex::sql::CortexSql;
use serde_json::{Value, json};
use snowflake_sql::{SqlPool, SqlText, Statement};
use snowflake_store::{CallReader, Landing, LandingPage, RawDocument, TransformScope};

use testkit::language_server::ModelAnswer;

use crate::shared_readings::account::{World, config, reading_of};

/// Calls of a month by default; `GONG_SNOWFLAKE_MONTH_CALLS` asks for another number, to
/// measure: docs/benchmarks.md.
const MONTH: usize = 40;

impl World {
    /// How often a model was asked to read a call.
    fn readings_paid(&self) -> usize {
        let asked = self.account.models.asked();
        let to_read = |text: &&String| text.starts_with("You read transcripts");
        asked.iter().filter(to_read).count()
    }

    /// As `GONG_AI_READ` does: claims, asks in one statement, and keeps the answers.
    async fn read_by_task(&self, day: usize) {
        let claim = format!("day-{day}");
        while self.claim(&claim).await > 0 {
            let prompts = Statement::new(
                "test",
                SqlText::fixed(
                    "SELECT CALL_ID, PROMPT FROM GONG_AI_PROMPTS WHERE CLAIM_ID = ? ORDER BY CALL_ID",
                ),
            )
            .bind(claim.as_str());
            let rows = self.account.query(&prompts).await.unwrap();
            let cell = |row: &snowflake_sql::Row<'_>, column| {
                row.required_text(column).unwrap().to_owned()
            };
            let asked: Vec<(String, String)> = rows
                .iter()
                .map(|row| (cell(&row, "CALL_ID"), cell(&row, "PROMPT")))
                .collect();
            let question = config().question_in_database().unwrap();
            let texts: Vec<&String> = asked.iter().map(|(_, prompt)| prompt).collect();
            let ask = Statement::new(
                "ai_complete_structured",
                SqlText::fixed(include_str!(
                    "../../sql/snowflake/cortex/ai_complete_structured.sql"
                )),
            )
            .bind(question.reader.model)
            .bind(question.parameters)
            .bind(question.response_format)
            .bind(json!(texts).to_string());
            let answers = self.account.query(&ask).await.unwrap();
            let replies: Vec<Value> = answers
                .iter()
                .zip(&asked)
                .map(|(row, (id, _))| {
                    let value: Value = row.json("VALUE").unwrap().unwrap();
                    json!({"id": id, "value": value})
                })
                .collect();
            let kept = Statement::new(
                "test",
                SqlText::fixed(
                    "UPDATE CALL_READINGS SET ANSWER = S.ANSWER, REQUESTS = REQUESTS + 1, CLAIM_ID = NULL
                    FROM (SELECT F.VALUE:id::VARCHAR AS CALL_ID, F.VALUE:value AS ANSWER
                        FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F) AS S
                    WHERE CALL_READINGS.CALL_ID = S.CALL_ID AND CALL_READINGS.CLAIM_ID IS NOT NULL",
                ),
            )
            .bind(json!(replies).to_string());
            self.account.query(&kept).await.unwrap();
        }
    }
}

/// A call of the month, as it is on a day.
fn month_page(ids: &[usize], title: &str, words: &str) -> LandingPage {
    let call = |id: &usize| {
        let call = json!({
            "metaData": {
                "id": id.to_string(), "title": title, "started": "2026-03-02T10:00:00Z", "duration": 600,
                "primaryUserId": "u1", "direction": "Conference", "scope": "External", "language": "eng",
            },
            "parties": [
                {"id": "p1", "userId": "u1", "speakerId": "s1", "name": "Ana Reyes", "affiliation": "Internal"},
                {"id": "p2", "speakerId": "s2", "name": "Bo Lind", "affiliation": "External"},
            ],
        });
        RawDocument::new(id.to_string().into(), call.to_string()).unwrap()
    };
    let said = |id: &usize| {
        let sentence = |text: &str, at: u64| json!({"start": at, "end": at + 900, "text": text});
        let said = json!({"callId": id.to_string(), "transcript": [
            {"speakerId": "s1", "sentences": [sentence("Thanks for your time today.", 0), sentence(words, 1_000)]},
            {"speakerId": "s2", "sentences": [sentence("We will send the contract by Friday.", 2_000)]},
        ]});
        RawDocument::new(id.to_string().into(), said.to_string()).unwrap()
    };
    LandingPage::new("month")
        .with_calls(ids.iter().map(call).collect())
        .with_transcripts(ids.iter().map(said).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_month_no_call_is_paid_for_twice() {
    let Some(world) = World::empty().await else {
        return;
    };
    let wanted = std::env::var("GONG_SNOWFLAKE_MONTH_CALLS").ok();
    let calls: usize = wanted.map_or(MONTH, |calls| calls.parse().unwrap());
    let read = reading_of("Thanks for your time today.");
    world
        .account
        .models
        .when_asked(move |_| ModelAnswer::json(&read));
    let began = std::time::Instant::now();
    let (days, mut transcripts, mut gone) = (10, 0, 0);
    let new_ones = calls / days;
    let transform = async || {
        let pending = TransformScope::Pending { limit: calls };
        world.store.transform(pending).await.unwrap();
    };
    let reader = {
        let cortex = CortexSql::new(world.account.clone(), config()).unwrap();
        let cortex: Arc<dyn cortex::LanguageBackend> = Arc::new(cortex);
        let local: Arc<dyn cortex::LanguageBackend> = Arc::new(cortex::LocalLanguage::default());
        InsightBuilder::from(local).with_reader(cortex)
    };
    for day in 0..days {
        let first = day * new_ones;
        let today: Vec<usize> = (first..first + new_ones).collect();
        for page in today.chunks(100) {
            world
                .store
                .land(month_page(page, "Demo", "Shall we go on?"))
                .await
                .unwrap();
        }
        transcripts += today.len();
        transform().await;
        let has_edits = day > 0;
        if has_edits {
            // Of the day before one in four has another title, which is no other call to read, and
            // one in eight other words; one is gone.
            let before: Vec<usize> = (first - new_ones..first).collect();
            let renamed: Vec<usize> = before.iter().copied().step_by(4).collect();
            let page = month_page(&renamed, "Demo, renamed", "Shall we go on?");
            world.store.land(page).await.unwrap();
            // The one that goes is on no page: a page that holds a call does not delete it.
            let reworded = before.iter().copied().skip(1).step_by(8);
            let reworded: Vec<usize> = reworded.filter(|id| id + 1 != first).collect();
            transcripts += reworded.len();
            let page = month_page(&reworded, "Demo", "Shall we go on then?");
            let deleted = calls::CallId::new((first - 1).to_string());
            world
                .store
                .land(page.with_deleted(vec![deleted]))
                .await
                .unwrap();
            gone += 1;
            transform().await;
        }
        // The backlog by a task one day, and by a client the other.
        if day % 2 == 0 {
            world.read_by_task(day).await;
        }
        let store: Arc<dyn snowflake_store::CallStore> = Arc::new(world.store.clone());
        // One at a time: the stand-in refuses where Snowflake waits for a lock.
        let one = std::num::NonZeroUsize::MIN;
        let report = agents::insights::analyse_backlog(store, reader.clone(), one, |_| {}).await;
        assert_eq!(report.unwrap().failed, []);
    }
    let paid = world.readings_paid();
    assert_eq!(paid, transcripts, "each transcript once");
    let kept = world
        .rows("SELECT COUNT(*), COUNT_IF(NOT IS_RETRYABLE), COUNT(ANSWER) FROM CALL_READINGS")
        .await;
    let live = (new_ones * days - gone).to_string();
    assert_eq!(kept[0], [Some(live.clone()), Some(live), Some("0".into())]);

    // And a call of it is one read for who opens it.
    let before = world.account.sent.statements.load(Ordering::Relaxed);
    let detail = world
        .store
        .call_detail(&calls::CallId::new("0"))
        .await
        .unwrap();
    assert!(!detail.unwrap().readings.is_empty());
    assert_eq!(
        world.account.sent.statements.load(Ordering::Relaxed),
        before + 1
    );
    println!(
        "{calls} calls: {} statements, {} bytes bound, {paid} readings paid, {:.0} s on the stand-in",
        world.account.sent.statements.load(Ordering::Relaxed),
        world.account.sent.bytes.load(Ordering::Relaxed),
        began.elapsed().as_secs_f64(),
    );
}
