//! Files hold what the store does, after whatever happened to its calls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use exporting::{Error, export};
use gong_snowflake::snowflake_store::{
    ErasureRequest, ErasureSubject, ExportTable, Landing, LandingPage, SqliteStore, TransformScope,
    Upkeep,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use testkit::conformance::store::{CallDocument, transcript_document};

async fn load(store: &SqliteStore, page: LandingPage) {
    let landed = store.land(page).await.unwrap();
    let report = store
        .transform(TransformScope::Calls(landed.changed))
        .await
        .unwrap();
    assert_eq!(report.failed, []);
}

fn call(id: &str, month: &str) -> LandingPage {
    let document = CallDocument::new(id).at(&format!("2026-{month}-02T10:00:00.5Z"));
    let said = format!("The words of call {id}.");
    let lines = [
        ("v-rep", 0, 900, said.as_str()),
        ("v-buyer", 1_000, 1_900, "Fine."),
    ];
    LandingPage::new("run")
        .with_calls(vec![document.document()])
        .with_transcripts(vec![transcript_document(id, &lines)])
}

async fn store() -> SqliteStore {
    let store = SqliteStore::in_memory().await.unwrap();
    for (id, month) in [("1", "01"), ("2", "01"), ("3", "02"), ("4", "03")] {
        load(&store, call(id, month)).await;
    }
    store
}

/// All files of a table.
fn files(folder: &Path, table: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.join(table)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    files
}

fn batches(file: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap());
    let reader = reader.unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// A column of text over all files of a table.
fn texts(folder: &Path, table: &str, column: &str) -> Vec<String> {
    let batches = files(folder, table)
        .into_iter()
        .flat_map(|file| batches(&file));
    batches
        .flat_map(|batch| {
            let column = batch
                .column_by_name(column)
                .unwrap()
                .as_string::<i32>()
                .clone();
            column
                .iter()
                .map(|text| text.unwrap_or("null").to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

fn written(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let tables = ExportTable::ALL.iter().map(|table| table.name());
    tables
        .flat_map(|table| files(folder, table))
        .map(|file| {
            (
                file.clone(),
                fs::metadata(file).unwrap().modified().unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn files_hold_what_the_store_does() {
    let (store, folder) = (store().await, tempfile::tempdir().unwrap());
    let folder = folder.path().join("exported");
    let exported = export(&store, &folder).await.unwrap();
    assert_eq!((exported.calls, exported.months_written), (4, 3));
    assert_eq!((exported.rows["calls"], exported.rows["sentences"]), (4, 8));
    assert_eq!(files(&folder, "sentences").len(), 3);
    assert!(files(&folder, "calls")[0].ends_with("month=2026-01/data.parquet"));
    for table in ExportTable::ALL {
        let file = &files(&folder, table.name())[0];
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap();
        let names: Vec<String> = table
            .columns()
            .iter()
            .map(|(name, _)| name.to_lowercase())
            .collect();
        let fields: Vec<&String> = reader
            .schema()
            .fields()
            .iter()
            .map(|field| field.name())
            .collect();
        assert_eq!(fields, names.iter().collect::<Vec<_>>(), "{}", table.name());
    }
    assert_eq!(texts(&folder, "calls", "call_id"), ["1", "2", "3", "4"]);
    assert_eq!(
        texts(&folder, "participants", "participant_name")[1],
        "Bo Lind"
    );
    let calls = &batches(&files(&folder, "calls")[0])[0];
    let started = calls.column_by_name("call_datetime_utc").unwrap();
    let started = started.as_primitive::<TimestampMicrosecondType>();
    assert_eq!(started.value(0), 1_767_348_000_500_000);
    let seconds = calls.column_by_name("call_duration_seconds").unwrap();
    assert_eq!(seconds.as_primitive::<Int64Type>().value(0), 3_600);
    assert!(calls.column_by_name("deal_amount").unwrap().is_null(0));
}

#[tokio::test]
async fn only_months_that_changed_are_written_again() {
    let (store, folder) = (store().await, tempfile::tempdir().unwrap());
    let folder = folder.path();
    export(&store, folder).await.unwrap();
    let before = written(folder);
    let exported = export(&store, folder).await.unwrap();
    assert_eq!((exported.months_written, exported.months_unchanged), (0, 3));
    assert!(exported.rows.is_empty(), "{exported:?}");
    assert_eq!(written(folder), before);

    // One call is new, the last of a month is deleted.
    load(&store, call("5", "02")).await;
    load(
        &store,
        LandingPage::new("run").with_deleted(vec!["4".into()]),
    )
    .await;
    let exported = export(&store, folder).await.unwrap();
    assert_eq!(
        (exported.months_written, exported.months_unchanged),
        (1, 2 - 1)
    );
    assert_eq!(exported.months_removed, 1);
    assert_eq!(texts(folder, "calls", "call_id"), ["1", "2", "3", "5"]);
    let january = |file: &&PathBuf| file.to_string_lossy().contains("month=2026-01");
    let now = written(folder);
    for file in before.keys().filter(january) {
        assert_eq!(now[file], before[file]);
    }
}

#[tokio::test]
async fn who_is_erased_leaves_the_files() {
    let (store, folder) = (store().await, tempfile::tempdir().unwrap());
    let folder = folder.path();
    export(&store, folder).await.unwrap();
    let bo = ErasureSubject::Email("bo@buyer.test".to_owned());
    store.erase(&ErasureRequest::new(bo)).await.unwrap();
    let exported = export(&store, folder).await.unwrap();
    assert_eq!(exported.months_written, 3);
    for table in ["participants", "sentences"] {
        for file in files(folder, table) {
            let bytes = fs::read(file).unwrap();
            let is_there = |word: &[u8]| bytes.windows(word.len()).any(|bytes| bytes == word);
            assert!(
                !is_there(b"Bo Lind") && !is_there(b"bo@buyer.test"),
                "{table}"
            );
        }
    }
    assert_eq!(texts(folder, "sentences", "transcript_text")[1], "[erased]");
}

#[tokio::test]
async fn a_half_written_month_is_written_again() {
    let (store, folder) = (store().await, tempfile::tempdir().unwrap());
    let folder = folder.path();
    export(&store, folder).await.unwrap();
    // As an export leaves it that was killed while it wrote February.
    let manifest = folder.join("manifest.json");
    let mut value: serde_json::Value =
        serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    value["months"]["2026-02"] = "".into();
    fs::write(&manifest, value.to_string()).unwrap();
    fs::remove_file(folder.join("sentences/month=2026-02/data.parquet")).unwrap();
    let exported = export(&store, folder).await.unwrap();
    assert_eq!((exported.months_written, exported.months_unchanged), (1, 2));
    assert_eq!(texts(folder, "sentences", "call_id").len(), 8);

    fs::write(&manifest, r#"{"format": 9, "months": {}, "files": {}}"#).unwrap();
    let refused = export(&store, folder).await.unwrap_err();
    assert!(matches!(refused, Error::Manifest { .. }), "{refused}");
}

/// Cargo builds the examples of a package with its tests.
fn program() -> Command {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(Path::parent).unwrap();
    Command::new(profile.join("examples/export"))
}

#[tokio::test]
async fn the_program_says_what_it_wrote() {
    let (store, folder) = (store().await, tempfile::tempdir().unwrap());
    let export = |store: String| {
        let mut program = program();
        program
            .args(["--store", &store, "--out"])
            .arg(folder.path());
        program.output().unwrap()
    };
    let exported = export(format!("sqlite:{}", store.path().display()));
    assert!(exported.status.success(), "{exported:?}");
    assert_eq!(
        files(folder.path(), "calls").len(),
        3,
        "a file for each month"
    );
    let printed = String::from_utf8(exported.stdout).unwrap();
    let last: serde_json::Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    assert_eq!(last["rows"]["calls"], 4, "{last}");

    let missing = folder.path().join("missing.db");
    for location in [
        "mongodb:calls".to_owned(),
        format!("sqlite:{}", missing.display()),
    ] {
        let nowhere = export(location);
        assert_eq!(nowhere.status.code(), Some(2), "{nowhere:?}");
        let printed = String::from_utf8(nowhere.stdout).unwrap();
        let line: serde_json::Value = serde_json::from_str(printed.trim()).unwrap();
        assert_eq!(line["error"]["field"], "store", "{line}");
        assert!(line["error"]["kind"].is_string(), "{line}");
    }
    assert!(!missing.exists());
}

#[tokio::test]
async fn no_log_or_error_shows_a_secret() {
    let (store, folder) = (store().await, tempfile::tempdir().unwrap());
    let secrets = [
        ("GONG_ACCESS_KEY", "a-gong-key-that-nobody-may-see"),
        (
            "GONG_ACCESS_KEY_SECRET",
            "a-gong-secret-that-nobody-may-see",
        ),
        ("SNOWFLAKE_PASSWORD", "a-password-that-nobody-may-see"),
        ("HUBSPOT_TOKEN", "a-crm-token-that-nobody-may-see"),
        ("CORTEX_API_KEY", "a-model-key-that-nobody-may-see"),
    ];
    let here = format!("sqlite:{}", store.path().display());
    for (store, code) in [(here.as_str(), 0), ("snowflake", 1)] {
        let output = program()
            .args(["--store", store, "--out"])
            .arg(folder.path())
            .envs(secrets)
            .env("RUST_LOG", "trace")
            // Warned of in the log, if there is one.
            .env("GONG_SNOWFLAKE_MISSPELT", "1")
            .env("SNOWFLAKE_ACCOUNT", "test")
            .env("SNOWFLAKE_USER", "TESTER")
            .env("SNOWFLAKE_DATABASE", "SALES")
            .env("SNOWFLAKE_BASE_URL", "http://127.0.0.1:1")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains("is no setting"), "the log is off: {said}");
        for (variable, secret) in secrets {
            assert!(!said.contains(secret), "{variable} is shown");
        }
    }
}
