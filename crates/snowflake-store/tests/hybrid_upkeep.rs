//! Two stores that act as one: what is to go goes from both.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use calls::Timestamp;
use jiff::SignedDuration;
use resilience::ErrorKind;
use snowflake_store::{
    CallReader, ErasureRequest, ErasureSubject, Hybrid, Landing, LandingPage, SqliteStore,
    TransformScope, Upkeep,
};
use testkit::conformance::store::{CallDocument, transcript_document};
use testkit::faulty::{FaultySource, SourceFault};

type Side = Arc<FaultySource<Arc<SqliteStore>>>;

struct Pair {
    primary: Side,
    fallback: Side,
    hybrid: Hybrid<Side, Side>,
}

impl Pair {
    async fn new() -> Self {
        let (primary, fallback) = (side(&["1"]).await, side(&["1", "2"]).await);
        let hybrid = Hybrid::new(Arc::clone(&primary), Arc::clone(&fallback));
        Self {
            primary,
            fallback,
            hybrid: hybrid.named("snowflake", "sqlite"),
        }
    }
}

/// A store with calls on which the buyer spoke.
async fn side(ids: &[&str]) -> Side {
    let store = SqliteStore::in_memory().await.unwrap();
    let lines = [
        ("v-rep", 0, 900, "I wrote to Bo Lind."),
        ("v-buyer", 1_000, 3_000, "We begin on Monday."),
    ];
    let page = LandingPage::new("run")
        .with_calls(
            ids.iter()
                .map(|id| CallDocument::new(id).document())
                .collect(),
        )
        .with_transcripts(
            ids.iter()
                .map(|id| transcript_document(id, &lines))
                .collect(),
        );
    let landed = store.land(page).await.unwrap();
    let scope = TransformScope::Calls(landed.changed);
    store.transform(scope).await.unwrap();
    Arc::new(FaultySource::new(Arc::new(store), 7))
}

fn buyer() -> ErasureRequest {
    ErasureRequest::new(ErasureSubject::Email("bo@buyer.test".to_owned()))
}

async fn knows_the_buyer(side: &Side) -> bool {
    let detail = side.call_detail(&"1".into()).await.unwrap().unwrap();
    let mut parties = detail.call.parties.iter();
    parties.any(|party| party.email.as_deref() == Some("bo@buyer.test"))
}

#[tokio::test]
async fn a_person_is_erased_in_both_with_a_receipt_of_each() {
    let pair = Pair::new().await;
    let preview = pair.hybrid.erase(&buyer().dry_run()).await.unwrap();
    // What both have is listed once.
    let mentioned: Vec<_> = preview
        .mentions
        .iter()
        .map(|one| one.call_id.as_str())
        .collect();
    assert_eq!(mentioned, ["1", "2"]);
    assert!(knows_the_buyer(&pair.primary).await && knows_the_buyer(&pair.fallback).await);

    let erased = pair.hybrid.erase(&buyer()).await.unwrap();
    let fallback = erased.fallback.unwrap();
    assert_eq!(erased.receipt.calls, ["1".into()]);
    assert_eq!(fallback.calls, ["1".into(), "2".into()]);
    assert_ne!(erased.receipt.receipt_id, fallback.receipt_id);
    assert!(!knows_the_buyer(&pair.primary).await && !knows_the_buyer(&pair.fallback).await);
}

#[tokio::test]
async fn a_side_that_fails_is_named_and_the_other_is_done() {
    for [failing, done, name] in [
        ["primary", "fallback", "snowflake"],
        ["fallback", "primary", "sqlite"],
    ] {
        let pair = Pair::new().await;
        let of = |side| match side {
            "primary" => &pair.primary,
            _ => &pair.fallback,
        };
        of(failing).set_fault(Some(SourceFault::Fails));
        let error = pair.hybrid.erase(&buyer()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transient);
        let other = if name == "sqlite" {
            "snowflake"
        } else {
            "sqlite"
        };
        let said = format!("{other} is done, and repeating is safe; {name}: ");
        assert!(error.message().starts_with(&said), "{error}");
        assert!(!knows_the_buyer(of(done)).await);

        of(failing).set_fault(None);
        let again = pair.hybrid.erase(&buyer()).await.unwrap();
        assert!(!knows_the_buyer(of(failing)).await);
        let receipts = [again.receipt, again.fallback.unwrap()];
        let empty = receipts.iter().filter(|receipt| receipt.calls.is_empty());
        assert_eq!(empty.count(), 1, "the one that was done");
    }
}

#[tokio::test]
async fn when_both_fail_the_error_says_both() {
    let pair = Pair::new().await;
    pair.primary.set_fault(Some(SourceFault::Refuses));
    pair.fallback.set_fault(Some(SourceFault::Fails));
    let error = pair.hybrid.erase(&buyer()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.message().starts_with("sqlite: "), "{error}");
    assert!(error.message().contains("; snowflake: "), "{error}");
}

#[tokio::test]
async fn a_wrong_subject_is_of_neither_side() {
    let pair = Pair::new().await;
    let nobody = ErasureRequest::new(ErasureSubject::Email("nobody".to_owned()));
    let error = pair.hybrid.erase(&nobody).await.unwrap_err();
    assert_eq!(error.to_string(), "email: is no e-mail address");
    assert_eq!((pair.primary.requests(), pair.fallback.requests()), (0, 0));
}

#[tokio::test]
async fn retention_reaches_both_and_says_what_went_where() {
    let pair = Pair::new().await;
    for side in [&pair.primary, &pair.fallback] {
        let page = LandingPage::new("run").with_deleted(vec!["1".into()]);
        side.land(page).await.unwrap();
    }
    let later = Timestamp::now() + SignedDuration::from_hours(24 * 400);
    let preview = pair.hybrid.preview_retention(later).await.unwrap();
    let removed = pair.hybrid.apply_retention(later).await.unwrap();
    assert_eq!(removed, preview);
    for store in ["snowflake", "sqlite"] {
        let of_calls = removed
            .iter()
            .find(|one| one.store == Some(store) && one.table == "GONG_CALLS_RAW");
        assert_eq!(of_calls.map(|one| one.removed), Some(1), "{store}");
    }
    pair.fallback.set_fault(Some(SourceFault::Fails));
    let error = pair.hybrid.preview_retention(later).await.unwrap_err();
    assert!(error.message().starts_with("sqlite: "), "{error}");
    let error = pair.hybrid.apply_retention(later).await.unwrap_err();
    assert!(error.message().starts_with("snowflake is done"), "{error}");
}
