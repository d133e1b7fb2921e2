//! A month of calls, edits and deletions: what it sends, and that no call is paid for twice.

use std::fmt;
use std::sync::Arc;

use agents::insights::InsightBuilder;
use agents::task::Dispatcher;
use cortex::sql::CortexSql;
use serde_json::{Value, json};
use snowflake_sql::{SqlPool, SqlText, Statement};
use snowflake_store::{Landing, LandingPage, RawDocument, TransformScope};

use testkit::language_server::ModelAnswer;

use crate::shared_readings::account::{World, config, reading_of};
use crate::shared_readings::sent::Sent;

/// A number that a variable may set, to measure: docs/benchmarks.md.
fn number(variable: &str, otherwise: usize) -> usize {
    let set = std::env::var(variable).ok();
    set.map_or(otherwise, |number| number.parse().unwrap())
}

/// What each part of the work sent.
#[derive(Debug, Default)]
struct Parts {
    landing: Sent,
    staging: Sent,
    reading_by_task: Sent,
    reading_by_client: Sent,
}

impl Parts {
    fn all(&self) -> [(&'static str, &Sent); 4] {
        [
            ("landing", &self.landing),
            ("staging", &self.staging),
            ("reading by a task", &self.reading_by_task),
            ("reading by a client", &self.reading_by_client),
        ]
    }

    fn paid(&self) -> u64 {
        self.all().iter().map(|(_, sent)| sent.paid).sum()
    }
}

/// The table of docs/benchmarks.md.
impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| | statements | MB bound | seconds | requests | tokens in | tokens out |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        for (part, sent) in self.all() {
            writeln!(
                f,
                "| {part} | {} | {:.1} | {:.0} | {} | {} | {} |",
                sent.statements,
                sent.bytes as f64 / 1e6,
                sent.ran.as_secs_f64(),
                sent.paid,
                sent.tokens_in,
                sent.tokens_out,
            )?;
        }
        Ok(())
    }
}

impl World {
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

/// Calls of the month, as they are on a day.
fn month_page(ids: &[usize], sentences: usize, title: &str, words: &str) -> LandingPage {
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
        let turn = |at: usize| {
            let text = match at {
                0 => "Thanks for your time today.",
                1 => words,
                _ if at.is_multiple_of(2) => "We will send the contract by Friday.",
                _ => "The reports take two people a whole day each week.",
            };
            let start = at * 1_000;
            json!({
                "speakerId": if at.is_multiple_of(2) { "s1" } else { "s2" },
                "sentences": [{"start": start, "end": start + 900, "text": text}],
            })
        };
        let turns: Vec<Value> = (0..sentences).map(turn).collect();
        let said = json!({"callId": id.to_string(), "transcript": turns});
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
    let calls = number("GONG_SNOWFLAKE_MONTH_CALLS", 40);
    let sentences = number("GONG_SNOWFLAKE_MONTH_SENTENCES", 3);
    let page = |ids: &[usize], title, words| month_page(ids, sentences, title, words);
    let read = reading_of("Thanks for your time today.");
    world
        .account
        .models
        .when_asked(move |_| ModelAnswer::json(&read));
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
    let store = Arc::new(world.store.clone());
    let mut parts = Parts::default();
    world.account.sent();
    for day in 0..days {
        let first = day * new_ones;
        let today: Vec<usize> = (first..first + new_ones).collect();
        for ids in today.chunks(100) {
            let page = page(ids, "Demo", "Shall we go on?");
            world.store.land(page).await.unwrap();
        }
        transcripts += today.len() as u64;
        parts.landing += world.account.sent();
        transform().await;
        parts.staging += world.account.sent();
        let has_edits = day > 0;
        if has_edits {
            // Of the day before one in four has another title, which is no other call to read, and
            // one in eight other words; one is gone.
            let before: Vec<usize> = (first - new_ones..first).collect();
            let renamed: Vec<usize> = before.iter().copied().step_by(4).collect();
            let renamed = page(&renamed, "Demo, renamed", "Shall we go on?");
            world.store.land(renamed).await.unwrap();
            // The one that goes is on no page: a page that holds a call does not delete it.
            let reworded = before.iter().copied().skip(1).step_by(8);
            let reworded: Vec<usize> = reworded.filter(|id| id + 1 != first).collect();
            transcripts += reworded.len() as u64;
            let reworded = page(&reworded, "Demo", "Shall we go on then?");
            let deleted = calls::CallId::new((first - 1).to_string());
            let page = reworded.with_deleted(vec![deleted]);
            world.store.land(page).await.unwrap();
            gone += 1;
            parts.landing += world.account.sent();
            transform().await;
            parts.staging += world.account.sent();
        }
        // The backlog by a task one day, and by a client the other.
        if day % 2 == 0 {
            world.read_by_task(day).await;
            parts.reading_by_task += world.account.sent();
        }
        // One at a time: the stand-in refuses where Snowflake waits for a lock.
        let one = std::num::NonZeroUsize::MIN;
        let backlog =
            agents::insights::analyse_backlog(store.clone(), reader.clone(), one, |_| {}).await;
        assert_eq!(backlog.unwrap().failed, []);
        parts.reading_by_client += world.account.sent();
    }
    assert_eq!(parts.paid(), transcripts, "each transcript once");
    let kept = world
        .rows("SELECT COUNT(*), COUNT_IF(NOT IS_RETRYABLE), COUNT(ANSWER) FROM CALL_READINGS")
        .await;
    let live = (new_ones * days - gone).to_string();
    assert_eq!(kept[0], [Some(live.clone()), Some(live), Some("0".into())]);

    // And a call of it is one read for who opens it.
    let dispatcher = Dispatcher::new(store, reader);
    let task = json!({"task_type": "analyze_call", "call_id": "0"}).to_string();
    let (reply, code) = dispatcher.run_json(task.as_bytes()).await;
    assert_eq!(code, 0, "{reply}");
    let opened = world.account.sent();
    assert_eq!((opened.statements, opened.paid), (1, 0));
    println!("{calls} calls of {sentences} sentences, {transcripts} transcripts read\n\n{parts}");
}
