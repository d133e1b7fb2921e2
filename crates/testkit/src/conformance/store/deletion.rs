//! Calls that are deleted, and calls that come back.

use calls::CallId;
use snowflake_store::{Benchmark, CallQuery, CallStore, KnownCallsQuery, Rep};

use super::documents::{CallDocument, SIX_TO_FOUR, deletion, page, spoken, transcript_document};
use super::insights::insights_with_chunk;
use super::{detail, done, is_there, land, load_well, rows, year};

const DERIVED: [&str; 4] = [
    "STG_GONG_CALL_PARTICIPANTS",
    "STG_GONG_CALL_TOPICS",
    "STG_GONG_CALL_TRANSCRIPTS",
    "STG_GONG_TRANSCRIPT_CHUNKS",
];

/// A deleted call is read by nothing and leaves no derived row; its neighbour keeps all.
pub async fn deletion_removes_what_was_derived(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let mut expected = Vec::new();
    done(
        store
            .save_insights(&[insights_with_chunk("1", "kept words", &[1.0, 0.0])])
            .await,
    );
    for table in DERIVED {
        expected.push(rows(store, table).await);
    }
    load_well(store, spoken("2")).await;
    done(
        store
            .save_insights(&[insights_with_chunk("2", "gone words", &[1.0, 0.0])])
            .await,
    );
    let kept = detail(store, "1").await;

    let landed = land(store, deletion(&["2"])).await;
    assert_eq!((landed.deleted, landed.changed), (1, Vec::new()));
    assert!(!is_there(store, "2").await);
    for (table, expected) in DERIVED.into_iter().zip(expected) {
        assert_eq!(rows(store, table).await, expected, "{table}");
    }
    assert_eq!(
        rows(store, "GONG_CALLS_RAW").await,
        2,
        "raw rows stay until retention"
    );
    assert_eq!(detail(store, "1").await, kept);

    let ids = |found: Vec<CallId>| {
        found
            .into_iter()
            .map(CallId::into_string)
            .collect::<Vec<_>>()
    };
    let listed = CallQuery {
        limit: 10,
        ..CallQuery::default()
    };
    let listed = done(store.find_calls(&listed).await);
    assert_eq!(ids(listed.into_iter().map(|call| call.id).collect()), ["1"]);
    let known = KnownCallsQuery {
        limit: 10,
        ..KnownCallsQuery::default()
    };
    let known = done(store.known_calls(&known).await);
    assert_eq!(ids(known.into_iter().map(|call| call.id).collect()), ["1"]);
    let ana = Rep::Id("u-ana".into());
    assert_eq!(
        done(store.calls_for_coaching(Some(&ana), year(), 10).await).len(),
        1
    );
    let team = done(store.team_figures(year(), None).await);
    assert_eq!(Benchmark::of(&team).calls, 1);
    assert_eq!(done(store.search_chunks("gone", 10).await), []);
}

/// Unknown ids and ids that are deleted already are ignored.
pub async fn deleting_what_is_not_there_changes_nothing(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    land(store, deletion(&["1"])).await;
    let counts = done(store.counts().await);
    let landed = land(store, deletion(&["1", "unknown", "1"])).await;
    assert_eq!(landed.deleted, 0);
    assert_eq!(done(store.counts().await), counts);
}

/// A call that is served again is read again, as it was.
pub async fn a_landed_document_revives_a_deleted_call(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let before = detail(store, "1").await;
    land(store, deletion(&["1"])).await;
    let landed = land(store, spoken("1")).await;
    assert_eq!((landed.calls.updated, landed.transcripts.updated), (1, 1));
    assert_eq!(landed.changed, [CallId::from("1")]);
    load_well(store, spoken("1")).await;
    assert_eq!(detail(store, "1").await, before);

    // A transcript alone shows as well that the call is served.
    land(store, deletion(&["1"])).await;
    load_well(store, page([], [transcript_document("1", SIX_TO_FOUR)])).await;
    assert_eq!(detail(store, "1").await, before);
}

/// A page cannot both hold a call and say that it is gone: what is served is served.
pub async fn a_page_that_holds_a_call_does_not_delete_it(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    load_well(
        store,
        deletion(&["1"]).with_calls(vec![CallDocument::new("1").document()]),
    )
    .await;
    assert!(detail(store, "1").await.transcript.is_some());
}
