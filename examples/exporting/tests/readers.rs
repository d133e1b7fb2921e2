//! DuckDB and Polars read the files, each table by one glob.
//!
//! `cargo xtask test` installs both; without them, the test is skipped and says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use exporting::export;
use gong_snowflake::calls::{Deal, Timestamp};
use gong_snowflake::snowflake_store::{
    CrmSnapshot, ExportTable, Insights, Landing, LandingPage, SqliteStore, TransformScope,
};
use serde_json::{Value, json};
use testkit::conformance::store::{CallDocument, transcript_document};

/// The Python that has them.
const PYTHON: &str = "GONG_SNOWFLAKE_PARQUET_PYTHON";

#[tokio::test]
async fn duckdb_and_polars_read_the_files() {
    let Ok(python) = std::env::var(PYTHON) else {
        eprintln!("skipped: no readers of Parquet; cargo xtask test installs them");
        return;
    };
    let store = SqliteStore::in_memory().await.unwrap();
    let mut page = LandingPage::new("run");
    for (id, month) in [("1", "01"), ("2", "01"), ("3", "02")] {
        let call = CallDocument::new(id)
            .at(&format!("2026-{month}-31T23:30:00-00:30").replace("02-31", "02-28"));
        page.calls.push(call.document());
        let lines = [
            ("v-rep", 0, 900, "Żółć \u{1f980}"),
            ("v-buyer", 1_000, 1_900, "\"Fine\"\nthen."),
        ];
        page.transcripts.push(transcript_document(id, &lines));
    }
    let landed = store.land(page).await.unwrap();
    store
        .transform(TransformScope::Calls(landed.changed))
        .await
        .unwrap();
    let mut deal = Deal::new("d-1");
    deal.amount = "12500.05".parse().ok();
    let crm = CrmSnapshot {
        deals: vec![deal],
        read_at: Timestamp::UNIX_EPOCH,
        ..CrmSnapshot::default()
    };
    store.save_crm(&crm).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let exported = export(&store, folder.path()).await.unwrap();

    let tables = ExportTable::ALL.iter().map(|table| table.name());
    let output = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/python/read_back.py"))
        .arg(folder.path())
        .args(tables)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let found: Value = serde_json::from_slice(&output.stdout).expect(&stderr);
    // Half an hour past midnight, UTC: the next month.
    let months = json!([["2026-02", 4, "2026-02"], ["2026-03", 2, "2026-03"]]);
    for reader in ["duckdb", "polars"] {
        let found = &found[reader];
        for table in ExportTable::ALL {
            let rows = exported.rows[table.name()];
            assert_eq!(found[table.name()], rows, "{reader}: {}", table.name());
        }
        assert_eq!(found["months"], months, "{reader}");
        assert_eq!(found["amounts"], json!(["12500.050000000000"]), "{reader}");
    }
}
