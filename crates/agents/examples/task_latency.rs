//! How long tasks about many calls take on a seeded SQLite store.
//!
//! ```sh
//! cargo run --release -p gong-snowflake-agents --example task_latency -- 100000 200
//! ```
//!
//! The first number is the calls, of 50 reps over a year; the second how often each task runs.
//! Calls have 20 sentences: tasks about many calls read figures and readings, and the words of
//! few. Those of the last 90 days are analysed and read.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agents::insights::InsightBuilder;
use agents::task::Dispatcher;
use calls::reading::{
    Confidence, Handling, Moment, NextStep, Pain, Pushback, PushbackKind, Reading,
};
use calls::{CallId, Deal, DealOutcome, RawDocument, Sentiment, SentimentLabel, Timestamp};
use cortex::LocalLanguage;
use jiff::SignedDuration;
use serde_json::{Value, json};
use snowflake_store::{
    CallInsights, CallReader, CallReading, CitedItem, CrmSnapshot, Insights, Landing, LandingPage,
    SqliteStore, TransformScope,
};

const REPS: usize = 50;
const SENTENCES: usize = 20;
const READ_DAYS: i64 = 90;
const PAGE: usize = 1_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse().ok());
    let (count, runs) = (
        numbers.next().unwrap_or(100_000),
        numbers.next().unwrap_or(200),
    );
    let now: Timestamp = "2026-06-01T00:00:00Z".parse()?;
    let folder = tempfile::tempdir()?;
    let store = Arc::new(SqliteStore::open(folder.path().join("calls.db")).await?);
    let language = InsightBuilder::from(Arc::new(LocalLanguage::default()));
    seed(&store, &language, count, now).await?;
    println!("{count} calls of {REPS} reps, {runs} runs each");
    let dispatcher = Dispatcher::new(Arc::clone(&store) as _, language);
    for name in [
        "coach_rep",
        "team_overview",
        "coaching_summary",
        "team_benchmark",
        "find_patterns",
        "sentiment_trends",
    ] {
        let mut times: Vec<Duration> = Vec::with_capacity(runs);
        for run in 0..runs {
            let mut task = json!({"task_type": name});
            if name == "coach_rep" {
                task["rep_id"] = (run % REPS).to_string().into();
            }
            let task = task.to_string();
            let started = Instant::now();
            let (reply, code) = dispatcher.run_json_at(task.as_bytes(), now).await;
            times.push(started.elapsed());
            if code != 0 {
                return Err(format!("{name}: {reply}").into());
            }
        }
        times.sort_unstable();
        let at = |share: usize| times.get((times.len() - 1) * share / 100).copied();
        let ms = |time: Option<Duration>| time.unwrap_or_default().as_secs_f64() * 1e3;
        println!(
            "{name:<18} p50 {:6.1} ms   p99 {:6.1} ms",
            ms(at(50)),
            ms(at(99))
        );
    }
    Ok(())
}

async fn seed(
    store: &SqliteStore,
    language: &InsightBuilder,
    count: usize,
    now: Timestamp,
) -> Outcome<()> {
    let year = 365 * 24 * 60;
    let started = |at: usize| -> Outcome<Timestamp> {
        let minutes = year * (count - at) as i64 / count as i64 + 1;
        Ok(now.checked_sub(SignedDuration::from_mins(minutes))?)
    };
    let mut first = 0;
    while first < count {
        let last = (first + PAGE).min(count);
        let mut page = LandingPage::new("seed");
        for at in first..last {
            let id = CallId::new(at.to_string());
            let (call, transcript) = documents(at, started(at)?);
            page.calls
                .push(RawDocument::new(id.clone(), call.to_string())?);
            page.transcripts
                .push(RawDocument::new(id, transcript.to_string())?);
        }
        let landed = store.land(page).await?;
        store
            .transform(TransformScope::Calls(landed.changed))
            .await?;
        first = last;
    }
    let deals = (0..count / 20).map(|at| {
        let mut deal = Deal::new(at.to_string());
        deal.amount = Some((10_000 + at as i64).into());
        deal.outcome = match at % 10 {
            0..4 => DealOutcome::Won,
            4..7 => DealOutcome::Lost,
            _ => DealOutcome::Open,
        };
        deal
    });
    let snapshot = CrmSnapshot {
        deals: deals.collect(),
        read_at: now,
        ..CrmSnapshot::default()
    };
    store.save_crm(&snapshot).await?;
    let from = count.saturating_sub(count * READ_DAYS as usize / 365);
    let (mut insights, mut readings) = (Vec::new(), Vec::new());
    for at in from..count {
        let call_id = CallId::new(at.to_string());
        let detail = store
            .call_detail(&call_id)
            .await?
            .ok_or("a call is missing")?;
        insights.push(insights_of(at, language));
        readings.push(CallReading {
            call_id,
            transcript_sha: detail.transcript_sha.unwrap_or_default(),
            provenance: language.reader(),
            read_at: now,
            requests: 0,
            reading: reading_of(at),
        });
        if readings.len() == PAGE || at + 1 == count {
            store.save_insights(&std::mem::take(&mut insights)).await?;
            store.save_readings(&std::mem::take(&mut readings)).await?;
        }
    }
    Ok(())
}

fn documents(at: usize, started: Timestamp) -> (Value, Value) {
    let rep = at % REPS;
    let call = json!({
        "metaData": {"id": at.to_string(), "title": format!("Call {at}"), "started": started.to_string(),
            "duration": 1_500 + at % 1_200, "primaryUserId": rep.to_string(),
            "url": format!("https://app.gong.io/call?id={at}")},
        "context": [{"system": "HubSpot", "objects":
            [{"objectType": "Deal", "objectId": (at / 20).to_string(), "fields": []}]}],
        "parties": [
            {"id": "p1", "speakerId": "r", "userId": rep.to_string(), "name": format!("Rep {rep}"),
             "emailAddress": format!("rep{rep}@seller.example"), "affiliation": "Internal"},
            {"id": "p2", "speakerId": "b", "name": "Bo Buyer", "emailAddress": "bo@buyer.example",
             "affiliation": "External"},
        ],
    });
    let monologues: Vec<Value> = (0..SENTENCES)
        .map(|line| {
            let length = 4_000 + (at * 31 + line * 17) % 60_000;
            let start = line * 70_000;
            let text = match line % 4 {
                0 => "How do you prepare the numbers for the board today, and who is in it?",
                1 => "It takes the team about two days every month, which is more than it should.",
                2 => "Let me show you how the reports would look like in your own case.",
                _ => "The price is a good deal more than what we have planned for this year.",
            };
            json!({"speakerId": if line % 2 == 0 { "r" } else { "b" }, "topic": null,
                "sentences": [{"start": start, "end": start + length, "text": text}]})
        })
        .collect();
    (
        call,
        json!({"callId": at.to_string(), "transcript": monologues}),
    )
}

fn insights_of(at: usize, language: &InsightBuilder) -> CallInsights {
    let finding = |kind: &str, sentence: u32| CitedItem {
        kind: kind.to_owned(),
        text: "The price is a good deal more than what we have planned.".to_owned(),
        score: 0.8,
        sentences: vec![sentence],
    };
    CallInsights {
        call_id: CallId::new(at.to_string()),
        transcript_sha: None,
        sentiment: Some(Sentiment {
            score: (at % 100) as f64 / 200.0 - 0.2,
            label: SentimentLabel::Neutral,
        }),
        summary: Some("They look for faster reports; the price is open.".to_owned()),
        key_topics: vec!["reports".to_owned(), "price".to_owned()],
        risks: Some(vec![finding("price", 3), finding("timing", 7)]),
        next_steps: Some(match at % 3 {
            0 => Vec::new(),
            _ => vec![finding("promised", 18)],
        }),
        sentence_sentiments: (0..SENTENCES as u32).map(|line| (line, 0.1)).collect(),
        chunks: Vec::new(),
        provenance: language.provenance(),
    }
}

fn reading_of(at: usize) -> Reading {
    let sure = || Confidence::measured(0.8, "a seed");
    let mut reading = Reading::default();
    let kinds = PushbackKind::ALL;
    for (nth, sentence) in [3, 7, 11].into_iter().enumerate() {
        let kind = kinds.get((at + nth) % kinds.len()).copied();
        let what = "costs more than they have planned";
        let kind = kind.unwrap_or(PushbackKind::Price);
        let mut pushback = Pushback::new(kind, what, vec![sentence], sure());
        pushback.handling = match (at + nth) % 3 {
            0 => Handling::Resolved,
            1 => Handling::Addressed,
            _ => Handling::Dodged,
        };
        pushback.handling_sentences = vec![sentence + 1];
        reading.pushback.push(pushback);
    }
    reading.pains = vec![
        Pain::new("two days every month for the numbers", vec![1], sure()),
        Pain::new(format!("report {} comes late", at % 40), vec![5], sure()),
    ];
    if !at.is_multiple_of(3) {
        let step = NextStep::new("sends the plan", vec![18], sure());
        reading.next_steps = vec![step];
    }
    let kind = [
        "missed_pushback",
        "feature_dump",
        "good_handling",
        "strong_question",
    ];
    for (nth, sentence) in [4, 8, 12].into_iter().enumerate() {
        let kind = kind
            .get((at + nth) % kind.len())
            .copied()
            .unwrap_or_default();
        let better = kind.starts_with(['m', 'f']);
        let better = better.then(|| "What would it have to save you?".to_owned());
        let what = "Went on with the reports when the price came up.";
        let sentences = vec![sentence - 1, sentence];
        reading
            .moments
            .push(Moment::new(kind, what, better, sentences));
    }
    reading.summary = "They look for faster reports; the price is open.".to_owned();
    reading.deal_health = Some(55);
    reading
}
