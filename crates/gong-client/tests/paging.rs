//! Every paged endpoint, with pages of any size and faults on the way: each record once and
//! in order, or a typed error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use std::collections::VecDeque;
use std::sync::Mutex;

use futures_util::TryStreamExt;
use gong_client::groups::words::{AggregationPeriod, LogType};
use gong_client::groups::{flows, stats, users};
use gong_client::{
    CallFilter, ContentSelector, Date, ErrorKind, GongClient, Paged, Result, Timestamp,
    TranscriptFilter,
};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use server::{Received, Reply, Server};

use crate::spec::Spec;

/// Key of the list, and the path to what tells its records apart.
const LISTINGS: [(&str, &[&str]); 13] = [
    ("calls", &["id"]),
    ("calls", &["metaData", "id"]),
    ("callTranscripts", &["callId"]),
    ("users", &["id"]),
    ("users", &["id"]),
    ("peopleInteractionStats", &["userId"]),
    ("usersAggregateActivityStats", &["userId"]),
    ("usersAggregateActivity", &["userId"]),
    ("usersDetailedActivities", &["userId"]),
    ("answeredScorecards", &["answeredScorecardId"]),
    ("flows", &["id"]),
    ("flowsFolders", &["id"]),
    ("logEntries", &["userId"]),
];

async fn all<T: Serialize + Send + 'static>(paged: Paged<'_, T>) -> Result<Vec<Value>> {
    let records: Vec<T> = paged.stream().try_collect().await?;
    Ok(records
        .iter()
        .map(|record| serde_json::to_value(record).unwrap())
        .collect())
}

async fn list(gong: &GongClient, listing: usize) -> Result<Vec<Value>> {
    let at: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
    let day: Date = "2026-07-01".parse().unwrap();
    let activity = stats::ActivityFilter::new(day, day);
    match listing {
        0 => all(gong.calls().between(at, at)).await,
        1 => {
            all(gong
                .calls()
                .extensive(CallFilter::default(), ContentSelector::default()))
            .await
        }
        2 => all(gong.calls().transcripts(TranscriptFilter::default())).await,
        3 => all(gong.users().list(false)).await,
        4 => all(gong.users().find(users::UserFilter::new())).await,
        5 => all(gong.stats().interaction(activity)).await,
        6 => all(gong.stats().activity(activity)).await,
        7 => {
            all(gong
                .stats()
                .activity_by_period(activity, AggregationPeriod::Day))
            .await
        }
        8 => all(gong.stats().activity_by_day(activity)).await,
        9 => {
            all(gong
                .stats()
                .answered_scorecards(stats::AnsweredScorecardFilter::new()))
            .await
        }
        10 => all(gong.flows().list(flows::FlowQuery::new("a@b.c"))).await,
        11 => all(gong.flows().folders(flows::FlowFolderQuery::new("a@b.c"))).await,
        _ => all(gong.audit_logs().list(LogType::Access, at, None)).await,
    }
}

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    Busy,
    Broken,
    HangUp,
    Cut,
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::None),
        1 => Just(Fault::Busy),
        1 => Just(Fault::Broken),
        1 => Just(Fault::HangUp),
        1 => Just(Fault::Cut),
    ]
}

/// The cursor where Gong looks for it, and nowhere else. `None` is page 1.
fn cursor(request: &Received, token: &str) -> Option<usize> {
    let cursor = match request.method.as_str() {
        "GET" => {
            let (_, query) = request.target.split_once('?')?;
            let pairs = url::form_urlencoded::parse(query.as_bytes());
            let mut cursors = pairs.filter(|(name, _)| name == "cursor");
            let (cursor, twice) = (cursors.next()?.1.into_owned(), cursors.next());
            assert_eq!(twice, None);
            cursor
        }
        _ => request.json()["cursor"].as_str()?.to_owned(),
    };
    cursor.strip_prefix(token)?.parse().ok()
}

fn record(at: usize, path: &[&str]) -> Value {
    match path {
        [] => json!(format!("{at}")),
        [name, rest @ ..] => json!({ *name: record(at, rest) }),
    }
}

fn id(record: &Value, path: &[&str]) -> usize {
    let id = path.iter().fold(record, |value, name| &value[*name]);
    id.as_str().unwrap().parse().unwrap()
}

async fn serve(
    listing: usize,
    count: usize,
    size: usize,
    token: String,
    faults: Vec<Fault>,
    repeats: bool,
) -> Server {
    let (key, path) = LISTINGS[listing];
    let faults = Mutex::new(VecDeque::from(faults));
    Server::start(move |request, _| {
        let from = cursor(request, &token).unwrap_or(0);
        let end = count.min(from + size);
        // A record that moves while a listing is read comes twice.
        let first = if repeats && from > 0 { from - 1 } else { from };
        let records: Vec<Value> = (first..end).map(|at| record(at, path)).collect();
        let mut page = json!({ "totalRecords": count, "currentPageSize": records.len() });
        if end < count {
            page["cursor"] = json!(format!("{token}{end}"));
        }
        let reply = Reply::json(&json!({ "requestId": "r", "records": page, key: records }));
        match faults.lock().unwrap().pop_front().unwrap_or(Fault::None) {
            Fault::None => reply,
            Fault::Busy => Reply::refused(429, "slow down").with_header("Retry-After", "0"),
            Fault::Broken => Reply::refused(503, "try again"),
            Fault::HangUp => Reply::hang_up(),
            Fault::Cut => reply.cut_after(20),
        }
    })
    .await
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_record_comes_once_and_in_order(
        listing in 0..LISTINGS.len(),
        count in 0..40_usize,
        size in 1..12_usize,
        // Cursors are Gong's, with whatever is in them.
        token in r#"[!-~é ]{1,12}-"#,
        faults in prop::collection::vec(fault(), 0..12),
        repeats: bool,
    ) {
        let path = LISTINGS[listing].1;
        // Records of these have no id, so what comes twice is two.
        let repeats = repeats && !matches!(listing, 5..=8 | 12);
        let outcome = run(async {
            let server = serve(listing, count, size, token, faults, repeats).await;
            list(&server.client(), listing).await
        });
        match outcome {
            Ok(records) => {
                let ids: Vec<usize> = records.iter().map(|record| id(record, path)).collect();
                prop_assert_eq!(ids, (0..count).collect::<Vec<_>>());
            }
            // Four attempts were not enough.
            Err(error) => prop_assert!(
                matches!(error.kind(), ErrorKind::Transient | ErrorKind::RateLimited),
                "{:?}", error
            ),
        }
    }
}

#[test]
fn every_paged_operation_is_among_them() {
    let Some(spec) = Spec::read() else { return };
    let operations = spec.operations().into_iter();
    let paged = operations.filter(|(operation, _)| {
        let fields = spec.fields_of_request(&operation.id);
        fields.contains("?cursor") || fields.contains(".cursor")
    });
    assert_eq!(paged.count(), LISTINGS.len());
}

#[test]
fn every_listing_ends_where_gong_sends_page_one_for_ever() {
    for (listing, (key, path)) in LISTINGS.into_iter().enumerate() {
        let error = run(async {
            let server = Server::start(move |_, _| {
                let page = json!({ "totalRecords": 9, "currentPageSize": 1, "cursor": "page-1" });
                Reply::json(&json!({ "records": page, key: [record(0, path)] }))
            })
            .await;
            list(&server.client(), listing).await.unwrap_err()
        });
        assert_eq!(error.kind(), ErrorKind::Decode, "{listing}: {error}");
        assert!(error.to_string().contains("does not end"), "{error}");
    }
}
