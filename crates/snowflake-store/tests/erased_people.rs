//! What is left of a person in the files of a database: nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::person;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use person::{CALLS, kept_words, lives, page, served, sought, theirs};
use snowflake_store::{
    CallReader, ErasureRequest, ErasureSubject, Insights, Landing, SqliteStore, TransformScope,
    Upkeep,
};
use tempfile::TempDir;

fn by_email() -> ErasureRequest {
    ErasureRequest::new(ErasureSubject::Email("MIRA@customer.test".to_owned()))
}

/// A store in which the person is in every place where somebody can be.
async fn store() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("calls.db"))
        .await
        .unwrap();
    lives(&store).await;
    (store, folder)
}

/// Which of the words are in the files of a folder.
fn found(folder: &Path, words: &[String]) -> Vec<String> {
    let files: Vec<Vec<u8>> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            fs::read(entry.unwrap().path())
                .unwrap()
                .to_ascii_lowercase()
        })
        .collect();
    let is_there = |word: &&String| {
        let word = word.to_ascii_lowercase();
        files
            .iter()
            .any(|file| memchr::memmem::find(file, word.as_bytes()).is_some())
    };
    words.iter().filter(is_there).cloned().collect()
}

#[tokio::test]
async fn nothing_is_left_of_a_person() {
    let (store, folder) = store().await;
    let folder = folder.path();
    assert_eq!(
        found(folder, &sought()).len(),
        sought().len(),
        "to be found"
    );

    let erasure = store.erase(&by_email()).await.unwrap();
    assert_eq!(found(folder, &sought()), [""; 0], "while the store is open");
    assert_eq!(found(folder, &kept_words()).len(), kept_words().len());
    let receipt = &erasure.receipt;
    assert_eq!(receipt.remains, [""; 0]);
    // On their calls, on one where others speak of them, and on one whose summary does.
    assert_eq!(receipt.calls.len(), CALLS / 2 + 2);
    assert!(receipt.mentions >= 5, "{erasure:?}");
    let written = serde_json::to_string(receipt).unwrap().to_lowercase();
    for word in sought() {
        assert!(!written.contains(&word.to_lowercase()), "{word}: {written}");
    }
    store.verify().await.unwrap();

    // What is left is staged, and the sentences of others have kept their places.
    let detail = store.call_detail(&"0".into()).await.unwrap().unwrap();
    let sentences = &detail.transcript.unwrap().sentences;
    let texts: Vec<&str> = sentences
        .iter()
        .map(|sentence| sentence.text.as_str())
        .collect();
    assert_eq!(texts.len(), 3);
    assert!(texts[0].ends_with("[erased]."), "{texts:?}");
    assert_eq!(texts[1], "[erased]");
    assert_eq!(detail.call.parties.len(), 3);
    assert_eq!(store.freshness().await.unwrap().calls_to_transform, 0);
    drop(store);
    assert_eq!(found(folder, &sought()), [""; 0], "once it is closed");
}

#[tokio::test]
async fn a_person_does_not_come_back() {
    let (store, folder) = store().await;
    store.erase(&by_email()).await.unwrap();
    let before = store.counts().await.unwrap();
    // Gong serves what it served: it is known, and stays as it was rewritten.
    let landed = store.land(served()).await.unwrap();
    assert_eq!((landed.calls.updated, landed.transcripts.updated), (0, 0));
    assert_eq!((landed.calls.inserted, landed.changed.len()), (0, 0));
    assert_eq!(store.counts().await.unwrap(), before);
    // Transcripts alone, an edit, a call that is new, and the CRM.
    let mut alone = served();
    alone.calls.clear();
    assert_eq!(store.land(alone).await.unwrap().transcripts.updated, 0);
    let changed = store.land(person::edited()).await.unwrap().changed;
    assert_eq!(changed.len(), 2);
    store
        .transform(TransformScope::Calls(changed))
        .await
        .unwrap();
    store.save_crm(&person::crm()).await.unwrap();
    store
        .record_dead_letters(&[person::letter()])
        .await
        .unwrap();
    drop(store);
    assert_eq!(found(folder.path(), &sought()), [""; 0]);
    assert_eq!(found(folder.path(), &["A new word".to_owned()]).len(), 1);
}

#[tokio::test]
async fn a_dry_run_lists_and_changes_nothing() {
    let (store, folder) = store().await;
    let before = store.counts().await.unwrap();
    let erasure = store.erase(&by_email().dry_run()).await.unwrap();
    assert_eq!(store.counts().await.unwrap(), before);
    assert_eq!(found(folder.path(), &sought()).len(), sought().len());
    assert!(erasure.receipt.dry_run);
    let places: Vec<&str> = erasure
        .mentions
        .iter()
        .map(|mention| mention.place.as_str())
        .collect();
    for place in [
        "metaData.title",
        "sentence 0",
        "READING",
        "CALL_SUMMARY",
        "content.brief",
    ] {
        assert!(places.contains(&place), "{place}: {places:?}");
    }
    assert!(
        erasure
            .mentions
            .iter()
            .any(|mention| mention.text.contains("Mira Talvik"))
    );
    let done = store.erase(&by_email()).await.unwrap();
    assert_eq!(done.receipt.tables, erasure.receipt.tables);
    assert_eq!(done.receipt.calls, erasure.receipt.calls);
}

#[tokio::test]
async fn each_way_to_name_a_person_finds_all_of_them() {
    for subject in [
        ErasureSubject::Phone("0151 2345 6789".to_owned()),
        ErasureSubject::Email("mira.private@home.test".to_owned()),
    ] {
        let (store, folder) = store().await;
        store.erase(&ErasureRequest::new(subject)).await.unwrap();
        drop(store);
        assert_eq!(found(folder.path(), &sought()), [""; 0]);
    }
    let (store, folder) = store().await;
    let rep = ErasureRequest::new(ErasureSubject::User("u-ana".into()));
    store.erase(&rep).await.unwrap();
    drop(store);
    let of_rep = ["Ana Reyes", "ana@seller.test", "u-ana"].map(str::to_owned);
    assert_eq!(found(folder.path(), &of_rep), [""; 0]);
    assert_eq!(found(folder.path(), &theirs()).len(), theirs().len());
}

#[tokio::test]
async fn a_call_goes_as_a_whole_and_does_not_come_back() {
    let (store, folder) = store().await;
    let of_call = ErasureRequest::new(ErasureSubject::Call("0".into()));
    let receipt = store.erase(&of_call).await.unwrap().receipt;
    assert_eq!(receipt.calls, ["0".into()]);
    let word = [person::word(0)];
    assert_eq!(found(folder.path(), &word), [""; 0]);
    store.land(page()).await.unwrap();
    assert!(store.call_detail(&"0".into()).await.unwrap().is_none());
    assert_eq!(found(folder.path(), &word), [""; 0]);
}

/// A failure after the last change, and kills at any moment, leave all or nothing.
#[tokio::test]
async fn an_erasure_that_is_cut_off_leaves_all_or_nothing() {
    let (store, folder) = store().await;
    let path = folder.path().join("calls.db");
    let sabotage = |sql: &str| {
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.execute_batch(sql).unwrap();
    };
    let before = store.counts().await.unwrap();
    sabotage(
        "CREATE TRIGGER SABOTAGE BEFORE INSERT ON GONG_ERASURES BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    store.erase(&by_email()).await.unwrap_err();
    assert_eq!(store.counts().await.unwrap(), before);
    sabotage("DROP TRIGGER SABOTAGE");
    drop(store);

    let mut erased = 0;
    for kill in 0..12_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "erased_people::erase_until_killed",
                "--ignored",
                "--nocapture",
            ])
            .env("DATABASE_TO_ERASE_IN", &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let erasing = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("erasing")));
        assert!(erasing.is_some(), "the child did not begin");
        std::thread::sleep(Duration::from_millis(kill * 2));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = SqliteStore::open(&path).await.unwrap();
        store.verify().await.unwrap();
        let counts = store.counts().await.unwrap();
        let receipts = counts.iter().find(|count| count.table == "GONG_ERASURES");
        match receipts.unwrap().rows {
            0 => assert_eq!(counts, before, "nothing was done"),
            _ => {
                erased += 1;
                break;
            }
        }
    }
    let store = SqliteStore::open(&path).await.unwrap();
    // What the killed one did not get to: the rest of the calls, and the file.
    let pending = TransformScope::Pending { limit: 1_000 };
    store.transform(pending).await.unwrap();
    store.erase(&by_email()).await.unwrap();
    drop(store);
    assert_eq!(found(folder.path(), &sought()), [""; 0], "{erased}");
}

/// The child of [`an_erasure_that_is_cut_off_leaves_all_or_nothing`].
#[tokio::test]
#[ignore = "run as a process of its own, by the test that kills it"]
async fn erase_until_killed() {
    let Some(path) = std::env::var_os("DATABASE_TO_ERASE_IN") else {
        return;
    };
    let store = SqliteStore::open(path).await.unwrap();
    println!("erasing");
    store.erase(&by_email()).await.unwrap();
    std::thread::sleep(Duration::from_secs(60));
}
