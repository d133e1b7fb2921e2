//! Calls from Gong's own share: nothing doubled, nothing lost.
#![cfg(feature = "snowflake")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::fakesnow;
mod share;

use calls::{CallId, RawDocument};
use resilience::ErrorKind;
use serde_json::json;
use share::{Share, key};
use snowflake_store::{
    CallReader, ErasureRequest, ErasureSubject, Landing, LandingPage, SnowflakeStore,
    TransformScope, Upkeep,
};
use testkit::SimulatedCall;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

const DAY_1: &str = "2026-09-01T06:00:00Z";
const DAY_2: &str = "2026-09-02T06:00:00Z";
const DAY_3: &str = "2026-09-03T06:00:00Z";

fn org(deals: usize) -> Vec<SimulatedCall> {
    let config = SyntheticConfig {
        anchor: "2026-08-31T00:00:00Z".parse().unwrap(),
        days: 10,
        deals,
        sentences: 20..=30,
        ..SyntheticConfig::default()
    };
    let calls = SyntheticOrg::generate(&config).calls;
    assert!(calls.len() > 1);
    calls
}

fn page(calls: &[&SimulatedCall]) -> LandingPage {
    let id = |call: &SimulatedCall| CallId::new(call.id().unwrap());
    let document = |call: &&SimulatedCall| RawDocument::new(id(call), call.extensive.to_string());
    let words = |call: &&SimulatedCall| {
        let transcript = call.transcript.as_ref().unwrap().to_string();
        RawDocument::new(id(call), transcript)
    };
    LandingPage::new("api")
        .with_calls(calls.iter().map(|call| document(call).unwrap()).collect())
        .with_transcripts(calls.iter().map(|call| words(call).unwrap()).collect())
}

/// As a sync from Gong's API lands and stages calls.
async fn by_api(share: &Share, calls: &[&SimulatedCall]) {
    share.store.land(page(calls)).await.unwrap();
    let scope = TransformScope::Pending { limit: 10_000 };
    share.store.transform(scope).await.unwrap();
}

/// What analysts read of calls and of sentences.
async fn staged(share: &Share) -> (Vec<String>, Vec<String>) {
    let calls = "SELECT CONCAT_WS('|', CALL_ID, CALL_TITLE, CALL_DATETIME_UTC::VARCHAR, CALL_DURATION_SECONDS::VARCHAR, \
        CALL_DIRECTION, CALL_MEDIA, CALL_SCOPE, CALL_LANGUAGE, PRIMARY_USER_ID, PRIMARY_USER_EMAIL, PRIMARY_USER_NAME, \
        HUBSPOT_DEAL_ID, HUBSPOT_COMPANY_ID, SENTENCE_COUNT::VARCHAR, TALK_RATIO::VARCHAR) AS LINE \
        FROM STG_GONG_CALLS WHERE DELETED_AT IS NULL ORDER BY CALL_ID";
    let sentences = "SELECT CONCAT_WS('|', TRANSCRIPT_ID, SPEAKER_NAME, SPEAKER_EMAIL, SPEAKER_TYPE, TRANSCRIPT_TEXT, \
        START_MS::VARCHAR, END_MS::VARCHAR) AS LINE FROM STG_GONG_CALL_TRANSCRIPTS ORDER BY TRANSCRIPT_ID";
    (share.cells(calls).await, share.cells(sentences).await)
}

#[tokio::test]
async fn the_share_stages_what_the_api_stages() {
    let (Some(by_share), Some(other)) = (Share::open().await, Share::open().await) else {
        return;
    };
    let calls = org(2);
    by_api(&other, &calls.iter().collect::<Vec<_>>()).await;
    for call in &calls {
        by_share.put(call, DAY_1).await;
        by_share.say(call, DAY_1).await;
    }
    let report = by_share.sync(DAY_2).await;
    let all = calls.len() as u64;
    assert_eq!((report.calls_landed, report.transcripts_landed), (all, all));
    assert_eq!(report.seconds_behind, Some(24 * 60 * 60));
    assert!(report.without_transcript.is_empty());
    assert_eq!(staged(&by_share).await, staged(&other).await);

    // The share sends rows again; so does a run that is repeated.
    let again = by_share.sync(DAY_2).await;
    assert_eq!((again.calls_landed, again.transcripts_landed), (0, 0));
    assert_eq!(staged(&by_share).await, staged(&other).await);
    let left = "SELECT COUNT(*)::VARCHAR AS N FROM GONG_SHARE_NEW_TRANSCRIPTS";
    assert_eq!(
        by_share.cells(left).await,
        ["0"],
        "words are not kept twice"
    );
}

#[tokio::test]
async fn a_transcript_that_comes_late_is_staged_when_it_comes() {
    let Some(share) = Share::open().await else {
        return;
    };
    let calls = org(1);
    for call in &calls {
        share.put(call, DAY_1).await;
    }
    let report = share.sync("2026-09-01T07:00:00Z").await;
    assert_eq!(report.without_transcript.len(), calls.len());
    assert!(staged(&share).await.1.is_empty());
    share.say(&calls[0], DAY_2).await;
    let report = share.sync(DAY_2).await;
    assert_eq!((report.calls_landed, report.transcripts_landed), (0, 1));
    assert_eq!(report.without_transcript.len(), calls.len() - 1);
    assert_eq!(staged(&share).await.1.len(), calls[0].sentence_count());
}

#[tokio::test]
async fn an_edit_changes_the_call_and_its_words() {
    let Some(share) = Share::open().await else {
        return;
    };
    let mut calls = org(1);
    for call in &calls {
        share.put(call, DAY_1).await;
        share.say(call, DAY_1).await;
    }
    share.sync(DAY_1).await;
    let edited = &mut calls[0];
    edited.extensive["metaData"]["title"] = json!("Another title");
    let words = edited.transcript.as_mut().unwrap();
    words["transcript"][0]["sentences"][0]["text"] = json!("Something else.");
    // A stamp of before the first sync, of rows that were delivered after it.
    share.put(edited, "2026-09-01T05:00:00Z").await;
    share.say(edited, "2026-09-01T05:00:00Z").await;
    let report = share.sync(DAY_2).await;
    assert_eq!((report.calls_landed, report.transcripts_landed), (1, 1));
    let (staged_calls, sentences) = staged(&share).await;
    assert!(
        staged_calls
            .iter()
            .any(|line| line.contains("Another title"))
    );
    assert!(
        sentences
            .iter()
            .any(|line| line.contains("Something else."))
    );
}

#[tokio::test]
async fn what_is_deleted_in_gong_goes_and_what_comes_back_is_back() {
    let Some(share) = Share::open().await else {
        return;
    };
    let calls = org(2);
    for call in &calls {
        share.put(call, DAY_1).await;
        share.say(call, DAY_1).await;
    }
    share.sync(DAY_1).await;
    let before = staged(&share).await;
    // Emptied, with a stamp that did not move: so much is documented and no more.
    let (gone, private) = (key(calls[0].id().unwrap()), key(calls[1].id().unwrap()));
    let empty = "UPDATE GONG_DATA_CLOUD.CALLS SET IS_DELETED = TRUE, TITLE = NULL, STATUS = NULL \
                 WHERE CONVERSATION_KEY = ?";
    share.run(empty, &[&gone]).await;
    let hide = "UPDATE GONG_DATA_CLOUD.CALLS SET IS_PRIVATE = TRUE WHERE CONVERSATION_KEY = ?";
    share.run(hide, &[&private]).await;
    let report = share.sync(DAY_2).await;
    assert_eq!(report.calls_deleted, 2);
    let after = staged(&share).await;
    assert_eq!(after.0.len(), before.0.len() - 2);
    for call in &calls[..2] {
        let id = CallId::new(call.id().unwrap());
        assert!(share.store.call_detail(&id).await.unwrap().is_none());
        assert!(
            !after
                .1
                .iter()
                .any(|line| line.starts_with(&format!("{id}:")))
        );
    }
    assert_eq!(
        share.sync(DAY_2).await.calls_deleted,
        0,
        "a deletion counts once"
    );

    // One withdraws its words alone, the other two are served again.
    let silence = "UPDATE GONG_DATA_CLOUD.CALL_TRANSCRIPTS SET IS_DELETED = TRUE, TRANSCRIPT = NULL \
                   WHERE CONVERSATION_KEY = ?";
    share.run(silence, &[&key(calls[2].id().unwrap())]).await;
    for call in &calls[..2] {
        share.put(call, DAY_2).await;
    }
    let report = share.sync(DAY_3).await;
    assert_eq!((report.calls_landed, report.transcripts_landed), (2, 2));
    assert_eq!(report.transcripts_withdrawn, 1);
    let after = staged(&share).await;
    assert_eq!(after.0.len(), before.0.len());
    assert_eq!(after.1.len(), before.1.len() - calls[2].sentence_count());
}

#[tokio::test]
async fn of_a_call_in_both_the_newer_document_stands() {
    let Some(share) = Share::open().await else {
        return;
    };
    let calls = org(2);
    // The API brings the newest call before the share has it; the share brings the others.
    let (tip, rest) = calls.split_last().unwrap();
    by_api(&share, &[tip]).await;
    for call in rest {
        share.put(call, DAY_1).await;
        share.say(call, DAY_1).await;
    }
    share.sync(DAY_2).await;
    let before = staged(&share).await;
    assert_eq!(before.0.len(), calls.len());

    let hash = "SELECT SENTENCES_SHA FROM STG_GONG_CALLS ORDER BY CALL_ID";
    let hashes = share.cells(hash).await;

    // What the share has of it is older than what the API brought just now: it stays.
    let mut older = tip.clone();
    older.extensive["metaData"]["title"] = json!("An older title");
    share.put(&older, DAY_1).await;
    share.say(tip, DAY_1).await;
    let report = share.sync(DAY_3).await;
    assert_eq!((report.calls_landed, report.transcripts_landed), (0, 0));
    assert_eq!(staged(&share).await, before);

    // A later edit is newer than both; topics, which the share lacks, are kept.
    let topics = "SELECT TOPIC_NAME FROM STG_GONG_CALL_TOPICS ORDER BY CALL_ID, TOPIC_INDEX";
    let of_api = share.cells(topics).await;
    assert!(!of_api.is_empty());
    let mut edited = tip.clone();
    edited.extensive["metaData"]["title"] = json!("A newer title");
    share.put(&edited, "2099-01-01T00:00:00Z").await;
    let report = share.sync("2099-01-01T01:00:00Z").await;
    assert_eq!((report.calls_landed, report.transcripts_landed), (1, 0));
    let (staged_calls, sentences) = staged(&share).await;
    assert!(
        staged_calls
            .iter()
            .any(|line| line.contains("A newer title"))
    );
    assert_eq!(staged_calls.len(), calls.len());
    assert_eq!(sentences, before.1, "the same words are not staged anew");
    assert_eq!(
        share.cells(hash).await,
        hashes,
        "nor read anew, which is paid for"
    );
    assert_eq!(share.cells(topics).await, of_api);
}

#[tokio::test]
async fn people_are_who_they_were_when_the_call_took_place() {
    let Some(share) = Share::open().await else {
        return;
    };
    let mut call = org(1).remove(0);
    let host = call.extensive["parties"][0]["userId"]
        .as_str()
        .unwrap()
        .to_owned();
    // The share gives own users no name.
    call.extensive["parties"][0]["name"] = json!("-");
    share.put(&call, DAY_1).await;
    for (name, from, to) in [
        ("Then", "2020-01-01T00:00:00Z", Some("2026-08-31T12:00:00Z")),
        ("Now", "2026-08-31T12:00:00Z", None),
    ] {
        let insert = "INSERT INTO GONG_DATA_CLOUD.USERS (USER_ID, EMAIL_ADDRESS, FIRST_NAME, LAST_NAME, \
            VALID_FROM_DATETIME, VALID_TO_DATETIME, IS_DELETED, ETL_MODIFIED_DATETIME) \
            SELECT ?, 'rep@example.com', 'Rep', ?, CAST(? AS TIMESTAMP_TZ), CAST(NULLIF(?, '') AS TIMESTAMP_TZ), \
            FALSE, '2026-09-01T00:00:00Z'";
        share
            .run(insert, &[&host, name, from, to.unwrap_or("")])
            .await;
    }
    share.sync(DAY_1).await;
    let names =
        "SELECT PARTICIPANT_NAME FROM STG_GONG_CALL_PARTICIPANTS WHERE AFFILIATION = 'Internal'";
    assert!(share.cells(names).await.contains(&"Rep Then".to_owned()));
}

#[tokio::test]
async fn a_share_that_lost_its_rows_is_not_believed() {
    let Some(share) = Share::open().await else {
        return;
    };
    let calls = org(12);
    assert!(calls.len() > 20, "{}", calls.len());
    for call in &calls {
        share.put(call, DAY_1).await;
    }
    share.sync(DAY_1).await;
    share.run("DELETE FROM GONG_DATA_CLOUD.CALLS", &[]).await;
    let report = share.sync(DAY_2).await;
    assert_eq!(report.calls_deleted, 0);
    assert_eq!(report.removals_withheld, calls.len() as u64);
    assert_eq!(staged(&share).await.0.len(), calls.len());
}

#[tokio::test]
async fn transcripts_in_seconds_are_refused() {
    let Some(share) = Share::open().await else {
        return;
    };
    let mut call = org(1).remove(0);
    let monologues = call.transcript.as_mut().unwrap()["transcript"]
        .as_array_mut()
        .unwrap();
    for sentence in monologues
        .iter_mut()
        .flat_map(|monologue| monologue["sentences"].as_array_mut().unwrap())
    {
        for time in ["start", "end"] {
            sentence[time] = json!(sentence[time].as_f64().unwrap() / 1000.0);
        }
    }
    share.put(&call, DAY_1).await;
    share.say(&call, DAY_1).await;
    let now = DAY_2.parse().unwrap();
    let refused = share
        .store
        .land_from_gong_share(&share.config, "run", now)
        .await;
    let error = refused.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.field(), Some("transcript"));
    assert!(staged(&share).await.0.is_empty());
}

#[tokio::test]
async fn who_was_erased_does_not_come_back_by_the_share() {
    let Some(share) = Share::open().await else {
        return;
    };
    let calls = org(2);
    let (later, first) = calls.split_last().unwrap();
    for call in first {
        share.put(call, DAY_1).await;
        share.say(call, DAY_1).await;
    }
    share.sync(DAY_1).await;
    // Somebody is on calls of both days.
    let party = &later.extensive["parties"][0];
    let address = party["emailAddress"].as_str().unwrap();
    let name = party["name"].as_str().unwrap();
    let whole = first[0].id().unwrap();
    let erasing = SnowflakeStore::new(share.pool.clone(), fakesnow::config()).unwrap();
    for subject in [
        ErasureSubject::Email(address.to_owned()),
        ErasureSubject::Call(whole.into()),
    ] {
        erasing.erase(&ErasureRequest::new(subject)).await.unwrap();
    }

    // Old rows come again, and a new call with them.
    for call in &calls {
        let mut touched = call.clone();
        touched.extensive["content"]["brief"] = json!(format!("{name} agreed."));
        share.put(&touched, DAY_2).await;
        share.say(&touched, DAY_2).await;
    }
    let report = share.sync(DAY_2).await;
    assert!(report.calls_landed > 0, "{report:?}");
    let id = later.id().unwrap();
    let landed = share.cells("SELECT CALL_ID FROM GONG_CALLS_RAW").await;
    assert!(landed.iter().any(|landed| landed == id));
    assert!(!landed.iter().any(|landed| landed == whole));
    for text in [
        "SELECT TO_JSON(RAW_DATA) AS T FROM GONG_CALLS_RAW",
        "SELECT PARTICIPANT_NAME || COALESCE(PARTICIPANT_EMAIL, '') AS T FROM STG_GONG_CALL_PARTICIPANTS",
        "SELECT COALESCE(SPEAKER_NAME, '') || COALESCE(SPEAKER_EMAIL, '') AS T FROM STG_GONG_CALL_TRANSCRIPTS",
    ] {
        let cells = share.cells(text).await;
        assert!(!cells.is_empty(), "{text}");
        for cell in cells {
            assert!(!cell.contains(address) && !cell.contains(name), "{cell}");
        }
    }
    let theirs = later.transcript.as_ref().unwrap()["transcript"]
        .as_array()
        .unwrap();
    let said = theirs
        .iter()
        .find(|turn| turn["speakerId"] == party["speakerId"]);
    let said = said.unwrap()["sentences"][0]["text"].as_str().unwrap();
    let words =
        "SELECT TO_JSON(TRANSCRIPT_DATA) AS T FROM GONG_CALL_TRANSCRIPTS_RAW WHERE CALL_ID = '";
    let words = share.cells(&format!("{words}{id}'")).await;
    assert_eq!(words.len(), 1);
    assert!(!words[0].contains(said), "{said}");
    // It is done once: what stays of them is as it is.
    let before = share.cells("SELECT INGESTED_AT::VARCHAR || PROCESSED::VARCHAR AS T FROM GONG_CALLS_RAW ORDER BY CALL_ID").await;
    let again = share.sync(DAY_2).await;
    assert_eq!((again.calls_landed, again.transcripts_landed), (0, 0));
    let after = share.cells("SELECT INGESTED_AT::VARCHAR || PROCESSED::VARCHAR AS T FROM GONG_CALLS_RAW ORDER BY CALL_ID").await;
    assert_eq!(before, after);
}
