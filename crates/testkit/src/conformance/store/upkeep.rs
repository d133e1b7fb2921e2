//! Keeps a store in order.

use jiff::{SignedDuration, Timestamp};
use snowflake_store::{
    CallStore, CheckpointStep, CrmSnapshot, DeadLetter, Fault, RunCounts, RunFinish, RunStart,
    Stream, SyncMode, TransformScope,
};

use super::documents::{CallDocument, deletion, page, spoken};
use super::erasure::contact;
use super::runs::checkpoint;
use super::{at, done, is_there, land, load_well, rows, window};

const TABLES: [&str; 23] = [
    "CALL_READINGS",
    "CRM_COMPANIES",
    "CRM_CONTACTS",
    "CRM_DEALS",
    "CRM_GONE_RECORDS",
    "CRM_OWNERS",
    "CRM_STAGES",
    "GONG_CALLS_RAW",
    "GONG_CALL_TRANSCRIPTS_RAW",
    "GONG_DATA_RETENTION_POLICY",
    "GONG_DEAD_LETTERS",
    "GONG_ERASED",
    "GONG_ERASURES",
    "GONG_INGESTION_STATE",
    "GONG_LEASES",
    "GONG_ORIGIN",
    "PIPELINE_ERRORS",
    "STG_GONG_CALLS",
    "STG_GONG_CALL_CRM_LINKS",
    "STG_GONG_CALL_PARTICIPANTS",
    "STG_GONG_CALL_TOPICS",
    "STG_GONG_CALL_TRANSCRIPTS",
    "STG_GONG_TRANSCRIPT_CHUNKS",
];

/// A store that is up to date stays as it is, and says that it can be used.
pub async fn migrating_again_applies_nothing(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let counts = done(store.counts().await);
    assert_eq!(done(store.migrate().await), 0);
    let health = done(store.health().await);
    assert!(health.writable && health.schema_version > 0 && !health.engine.is_empty());
    assert_eq!(
        done(store.counts().await),
        counts,
        "looking changes nothing"
    );
}

/// Freshness tells when a run ended well, and counts what waits.
pub async fn freshness_says_what_waits(store: &dyn CallStore) {
    let fresh = done(store.freshness().await);
    assert_eq!(fresh.last_finished_at, None);
    assert_eq!((fresh.calls_to_transform, fresh.dead_letters), (0, 0));
    assert_eq!(fresh.unresolved_errors, 0);

    for id in ["1", "2", "gone"] {
        land(store, spoken(id)).await;
    }
    land(store, deletion(&["gone"])).await;
    let fresh = done(store.freshness().await);
    assert_eq!(
        fresh.calls_to_transform, 2,
        "a deleted call waits for nothing"
    );

    let letter = DeadLetter {
        stream: Stream::Calls,
        fault: Fault::Call("3".into()),
        reason: "no reply".to_owned(),
        payload: None,
        run_id: "one".to_owned(),
        failed_at: Timestamp::UNIX_EPOCH,
        decoder_version: 7,
    };
    done(store.record_dead_letters(&[letter]).await);
    let finish = RunFinish {
        run_id: "one".to_owned(),
        mode: SyncMode::Full,
        window: window("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        watermark: None,
        counts: RunCounts::default(),
    };
    let before = Timestamp::now() - SignedDuration::from_secs(1);
    done(store.finish_run(&finish).await);
    let scope = TransformScope::Calls(vec!["1".into()]);
    done(store.transform(scope).await);
    let fresh = done(store.freshness().await);
    assert_eq!((fresh.calls_to_transform, fresh.dead_letters), (1, 1));
    assert!(fresh.last_finished_at.is_some_and(|at| at > before));
}

/// Every table is counted, in the order of names.
pub async fn counts_name_every_table(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let counts = done(store.counts().await);
    let names: Vec<&str> = counts.iter().map(|count| count.table.as_str()).collect();
    assert!(names.is_sorted(), "{names:?}");
    for table in TABLES {
        assert!(names.contains(&table), "{table}");
    }
    assert_eq!(rows(store, "GONG_CALLS_RAW").await, 1);
    assert_eq!(rows(store, "STG_GONG_CALL_TRANSCRIPTS").await, 2);
}

/// Retention as it is set at first removes what was deleted long ago, and no call that is served.
pub async fn retention_removes_deleted_calls_only(store: &dyn CallStore) {
    load_well(store, spoken("kept")).await;
    load_well(store, spoken("gone")).await;
    land(store, deletion(&["gone"])).await;
    let now = Timestamp::now();
    let removed = async |now| {
        let outcomes = done(store.apply_retention(now).await);
        outcomes.iter().map(|outcome| outcome.removed).sum::<u64>()
    };
    assert_eq!(removed(now).await, 0, "deleted just now");
    assert_eq!(rows(store, "GONG_CALLS_RAW").await, 2);
    let years_later = now + SignedDuration::from_hours(24 * 400);
    assert!(removed(years_later).await > 0);
    for table in [
        "GONG_CALLS_RAW",
        "GONG_CALL_TRANSCRIPTS_RAW",
        "STG_GONG_CALLS",
    ] {
        assert_eq!(rows(store, table).await, 1, "{table}");
    }
    assert_eq!(removed(years_later).await, 0);
    assert!(is_there(store, "kept").await);
}

/// However old they are, the watermark, when its run began, the open run and positions stay.
pub async fn retention_keeps_what_the_next_run_needs(store: &dyn CallStore) {
    let start = |run_id: &str| RunStart {
        run_id: run_id.to_owned(),
        mode: SyncMode::Full,
        window: window("2026-01-01", "2026-02-01"),
        settings: "all".to_owned(),
    };
    for (run, watermark) in [("one", Some("2026-02-01")), ("two", None)] {
        done(store.start_run(&start(run)).await);
        let finish = RunFinish {
            run_id: run.to_owned(),
            mode: SyncMode::Full,
            window: start(run).window,
            watermark: watermark.map(at),
            counts: RunCounts::default(),
        };
        done(store.finish_run(&finish).await);
    }
    let page = checkpoint(
        "two",
        Stream::Relist,
        start("two").window,
        CheckpointStep::Page,
        Some("7"),
    );
    land(store, page).await;
    done(store.start_run(&start("three")).await);
    let kept = async || {
        (
            done(store.watermark().await),
            done(store.open_run(SyncMode::Full).await),
            done(store.position(Stream::Relist).await),
        )
    };
    let before = kept().await;
    let steps = rows(store, "GONG_INGESTION_STATE").await;
    let years_later = Timestamp::now() + SignedDuration::from_hours(24 * 400);
    done(store.apply_retention(years_later).await);
    assert!(rows(store, "GONG_INGESTION_STATE").await < steps);
    assert_eq!(kept().await, before);
    assert!(before.0.is_some() && before.1.is_some() && before.2.is_some());
}

/// A preview says what retention removes, and removes nothing.
pub async fn a_preview_of_retention_changes_nothing(store: &dyn CallStore) {
    load_well(store, spoken("kept")).await;
    load_well(store, spoken("gone")).await;
    land(store, deletion(&["gone"])).await;
    let years_later = Timestamp::now() + SignedDuration::from_hours(24 * 400);
    let before = done(store.counts().await);
    let preview = done(store.preview_retention(years_later).await);
    assert_eq!(done(store.counts().await), before);
    for table in [
        "GONG_CALLS_RAW",
        "GONG_CALL_TRANSCRIPTS_RAW",
        "STG_GONG_CALLS",
    ] {
        let outcome = preview.iter().find(|outcome| outcome.table == table);
        assert_eq!(outcome.map(|outcome| outcome.removed), Some(1), "{table}");
    }
    done(store.apply_retention(years_later).await);
    assert_eq!(rows(store, "GONG_CALLS_RAW").await, 1);
}

/// People of the CRM whom no call refers to any more go with the calls; others stay.
pub async fn retention_takes_what_belongs_to_a_call(store: &dyn CallStore) {
    let call = CallDocument::new("1").linked("Contact", "c-1");
    load_well(store, page([call.document()], [])).await;
    let snapshot = CrmSnapshot {
        contacts: vec![contact("c-1", None), contact("c-2", None)],
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&snapshot).await);
    done(store.apply_retention(at("2026-04-02")).await);
    assert_eq!(rows(store, "CRM_CONTACTS").await, 1);
}
