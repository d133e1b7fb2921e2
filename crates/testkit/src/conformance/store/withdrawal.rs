//! Transcripts that the source withdraws while it serves their calls.

use snowflake_store::{CallStore, KnownCallsQuery, Landed, LandingPage, Stream, TransformScope};

use super::documents::{CallDocument, SIX_TO_FOUR, calls, page, raw, spoken, transcript_document};
use super::insights::insights_with_chunk;
use super::letters::{faults, of, of_call};
use super::{detail, done, is_there, land, load, load_well, rows, year};

/// A page that says of transcripts that they are no longer served.
fn withdrawal(ids: &[&str]) -> LandingPage {
    LandingPage::new("run").with_withdrawn(ids.iter().map(|id| (*id).into()).collect())
}

const OF_TRANSCRIPTS: [&str; 3] = [
    "GONG_CALL_TRANSCRIPTS_RAW",
    "STG_GONG_CALL_TRANSCRIPTS",
    "STG_GONG_TRANSCRIPT_CHUNKS",
];

/// Nothing is left of a withdrawn transcript, before and after its call is staged again; the
/// call stays, and its neighbour keeps all.
pub async fn a_withdrawn_transcript_leaves_nothing(store: &dyn CallStore) {
    load_well(store, calls(&["1"])).await;
    let silent = detail(store, "1").await;
    load_well(store, spoken("1")).await;
    load_well(store, spoken("2")).await;
    let insights = [("1", "gone words"), ("2", "kept words")]
        .map(|(id, words)| insights_with_chunk(id, words, &[1.0, 0.0]));
    done(store.save_insights(&insights).await);
    let kept = detail(store, "2").await;

    let landed = land(store, withdrawal(&["1"])).await;
    let expected = Landed {
        withdrawn: 1,
        changed: vec!["1".into()],
        ..Landed::default()
    };
    assert_eq!(landed, expected);
    for transformed in [false, true] {
        if transformed {
            let pending = TransformScope::Pending { limit: 10 };
            assert_eq!(done(store.transform(pending).await).transformed, 1);
        }
        let left = [1, 2, 1];
        for (table, left) in OF_TRANSCRIPTS.into_iter().zip(left) {
            assert_eq!(rows(store, table).await, left, "{table}, {transformed}");
        }
        assert_eq!(detail(store, "1").await, silent, "{transformed}");
        assert_eq!(detail(store, "2").await, kept);
        assert_eq!(done(store.search_chunks("gone", 10).await), []);
    }
    let rep = snowflake_store::Rep::Id("u-ana".into());
    let coaching = done(store.calls_for_coaching(Some(&rep), year(), 10).await);
    assert_eq!(coaching.len(), 1, "calls with a transcript");
    let known = KnownCallsQuery {
        limit: 10,
        ..KnownCallsQuery::default()
    };
    let known = done(store.known_calls(&known).await);
    let spoken_calls: Vec<bool> = known.iter().map(|call| call.has_transcript).collect();
    assert_eq!(spoken_calls, [false, true]);

    // And it may be served again.
    load_well(store, spoken("1")).await;
    let again = detail(store, "1").await;
    assert_eq!(again.transcript.map(|said| said.sentences.len()), Some(2));
}

/// Unknown ids and calls without a transcript are ignored.
pub async fn withdrawing_what_is_not_there_changes_nothing(store: &dyn CallStore) {
    load_well(store, calls(&["1"])).await;
    let before = detail(store, "1").await;
    let landed = land(store, withdrawal(&["1", "unknown", "1"])).await;
    assert_eq!(landed, Landed::default());
    assert_eq!(detail(store, "1").await, before);
    let fresh = done(store.freshness().await);
    assert_eq!(fresh.calls_to_transform, 0);
}

/// What is on the page is served: it is not withdrawn.
pub async fn a_transcript_on_the_page_is_not_withdrawn(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let both = page([], [transcript_document("1", SIX_TO_FOUR)]).with_withdrawn(vec!["1".into()]);
    let landed = land(store, both).await;
    assert_eq!((landed.withdrawn, landed.transcripts.unchanged), (0, 1));
    // The call alone says nothing of its transcript.
    let call = calls(&["1"]).with_withdrawn(vec!["1".into()]);
    let landed = land(store, call).await;
    assert_eq!((landed.withdrawn, landed.changed.len()), (1, 1));
    let scope = TransformScope::Calls(landed.changed);
    assert_eq!(done(store.transform(scope).await).transformed, 1);
    assert_eq!(detail(store, "1").await.transcript, None);
}

/// There is nothing left to land or to read of a transcript that is withdrawn.
pub async fn a_withdrawn_transcript_is_at_fault_no_longer(store: &dyn CallStore) {
    let bad = raw(
        "1",
        r#"{"callId":{},"transcript":[{"sentences":[{"start":0,"end":1}]}]}"#,
    );
    let report = load(store, page([CallDocument::new("1").document()], [bad])).await;
    assert_eq!(report.failed.len(), 1);
    assert_eq!(done(store.freshness().await).unresolved_errors, 1);
    let all = [
        of_call(Stream::Calls, "1"),
        of_call(Stream::Transcripts, "1"),
        of_call(Stream::Transcripts, "2"),
    ];
    done(store.record_dead_letters(&all).await);
    // Of the second nothing is stored.
    load_well(store, withdrawal(&["1", "2"])).await;
    assert_eq!(faults(store).await, of(&all[..1]));
    let fresh = done(store.freshness().await);
    assert_eq!((fresh.unresolved_errors, fresh.calls_to_transform), (0, 0));
}

/// The transcript goes whether or not its call is stored and served; only a call that is
/// has to be staged.
pub async fn a_transcript_may_be_withdrawn_without_its_call(store: &dyn CallStore) {
    let deleted = LandingPage::default().with_deleted(vec!["1".into()]);
    load_well(store, spoken("1")).await;
    land(store, deleted).await;
    land(store, page([], [transcript_document("2", SIX_TO_FOUR)])).await;
    let landed = land(store, withdrawal(&["1", "2"])).await;
    assert_eq!((landed.withdrawn, landed.changed), (2, Vec::new()));
    assert_eq!(rows(store, "GONG_CALL_TRANSCRIPTS_RAW").await, 0);
    assert!(!is_there(store, "1").await);
}
