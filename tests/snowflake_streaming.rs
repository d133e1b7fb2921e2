//! A backfill through Snowpipe Streaming from the shell: a double takes the rows, the stand-in
//! runs the SQL over them, and the result equals a sync into SQLite.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use std::sync::Arc;

use commands::World;
use commands::account::Account;
use commands::tables::same_rows;
use gong_snowflake::snowflake_sql::{SqlPool, SqlText, Statement};
use serde_json::json;
use testkit::streaming::StreamingDouble;

const APPEND_CALLS: SqlText = SqlText::fixed(
    "INSERT INTO GONG_CALLS_STREAMED
    SELECT V:CALL_ID::VARCHAR, V:PAYLOAD_SHA::VARCHAR, V:LANDED_AT::VARCHAR, V:CORRELATION_ID::VARCHAR,
        V:STARTED_AT::VARCHAR, V:SCHEDULED_AT::VARCHAR, V:RAW_DATA, V:ORIGINAL_TEXT::VARCHAR, V:CLEANING_NOTES
    FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
);

const APPEND_TRANSCRIPTS: SqlText = SqlText::fixed(
    "INSERT INTO GONG_CALL_TRANSCRIPTS_STREAMED
    SELECT V:CALL_ID::VARCHAR, V:PAYLOAD_SHA::VARCHAR, V:LANDED_AT::VARCHAR, V:CORRELATION_ID::VARCHAR,
        V:TRANSCRIPT_DATA, V:ORIGINAL_TEXT::VARCHAR, V:CLEANING_NOTES
    FROM (SELECT F.VALUE AS V FROM (SELECT PARSE_JSON(?) AS R) AS B, LATERAL FLATTEN(INPUT => B.R) AS F)",
);

#[tokio::test(flavor = "multi_thread")]
async fn a_streamed_backfill_holds_what_a_sync_into_sqlite_holds() {
    let token = ("SNOWFLAKE_TOKEN", StreamingDouble::TOKEN.to_owned());
    let Some(account) = Account::open_with("STREAMED", token) else {
        return;
    };
    let world = World::start().await;
    let double = StreamingDouble::start().await.unwrap();
    let sessions = Arc::new(account.sessions());
    double.commit_into(move |table, rows| {
        let text = match table {
            "GONG_CALLS_STREAMED" => APPEND_CALLS,
            _ => APPEND_TRANSCRIPTS,
        };
        let statement = Statement::new("append", text).bind(json!(rows).to_string());
        tokio::task::block_in_place(|| {
            let runtime = tokio::runtime::Handle::current();
            runtime.block_on(sessions.query(&statement)).unwrap();
        });
    });
    let span = ["--from", "2015-01-01", "--to", "2030-01-01"];
    let backfill = [&["--mode", "backfill", "--bulk", "streaming"], &span[..]].concat();
    let url = double.url();
    let variables = [
        ("SNOWFLAKE_STREAMING_URL", url.as_str()),
        ("RUST_LOG", "trace"),
    ];
    let run = account.ingest(&world, &backfill, &variables);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.last_line();
    assert_eq!(report["mode"], "backfill");
    assert_eq!(report["calls_inserted"], world.calls());
    let transcripts = report["transcripts_inserted"].as_u64().unwrap();
    assert_eq!(
        double.rows().len() as u64,
        world.calls() as u64 + transcripts
    );
    let sent = |name: &str| run.stderr.lines().any(|line| line.starts_with(name));
    assert!(sent("merge_streamed_calls"), "{}", run.stderr);
    assert!(!sent("land_calls"), "{}", run.stderr);
    run.holds_no_secret();
    for secret in [StreamingDouble::TOKEN, "scoped-1"] {
        assert!(!run.stderr.contains(secret), "{secret}");
    }
    for sentence in world.sentences().iter().filter(|said| said.len() > 20) {
        assert!(!run.stderr.contains(sentence.as_str()), "{sentence}");
    }

    let again = account.ingest(&world, &backfill, &variables[..1]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(again.last_line()["calls_inserted"], 0);
    assert_eq!(
        double.rows().len() as u64,
        world.calls() as u64 + transcripts
    );

    let sqlite = [&["--mode", "backfill"], &span[..]].concat();
    assert_eq!(world.ingest(&sqlite).code, 0);
    same_rows(&world, &account);
}
