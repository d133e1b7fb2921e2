//! What readers understood of calls.

use calls::Provenance;
use calls::reading::{Confidence, Fact, NextStep, NotRead, Part, Reading};
use resilience::ErrorKind;
use snowflake_store::{CallQuery, CallReading, CallStore, LandingPage};

use super::documents::{deletion, page, spoken, transcript_document};
use super::insights::insights_with_chunk;
use super::{at, detail, done, land, load_well, rows};

fn reading(step: &str) -> Reading {
    let sure = || Confidence::measured(0.75, "these tests");
    let mut reading = Reading::default();
    reading.next_steps = vec![NextStep::new(step, vec![1], sure())];
    reading.pricing = vec![Fact::new("eighteen thousand", vec![0, 1], sure())];
    reading.deal_health = Some(60);
    reading.summary = "It stands well.".to_owned();
    reading
}

/// A reading of a call's transcript as it is stored now.
pub(super) async fn read(
    store: &dyn CallStore,
    id: &str,
    backend: &str,
    reading: Reading,
) -> CallReading {
    let transcript_sha = detail(store, id).await.transcript_sha;
    CallReading {
        call_id: id.into(),
        transcript_sha: transcript_sha.expect("a call with a transcript"),
        provenance: Provenance::new(backend, "model-1"),
        read_at: at("2026-04-01"),
        requests: 2,
        reading,
    }
}

/// Readers do not overwrite each other, and each replaces its own.
pub async fn readings_are_kept_by_reader(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    load_well(store, spoken("2")).await;
    let mine = read(store, "1", "local", reading("send the offer")).await;
    let other = CallReading {
        read_at: at("2026-03-01"),
        ..read(store, "1", "openai", reading("meet on Friday")).await
    };
    let second = read(store, "2", "local", reading("call back")).await;
    let first = CallReading {
        reading: reading("nothing yet"),
        ..mine.clone()
    };
    done(store.save_readings(&[first]).await);
    let all = [other.clone(), mine.clone(), second.clone()];
    assert_eq!(done(store.save_readings(&all).await), 3);
    assert_eq!(rows(store, "CALL_READINGS").await, 3);
    let ids = ["2", "unknown", "1", "2"].map(Into::into);
    let by_all = done(store.readings(&ids, None).await);
    assert_eq!(by_all, [second.clone(), mine.clone(), other.clone()]);
    let of_detail = detail(store, "1").await.readings;
    assert_eq!(of_detail, [mine.clone(), other.clone()]);
    let by_one = done(store.readings(&ids, Some(&other.provenance)).await);
    assert_eq!(by_one, [other]);
    assert_eq!(done(store.readings(&[], None).await), []);
    assert_eq!(done(store.save_readings(&[]).await), 0);
}

/// Who has read a transcript that is another by now stores nothing, and harms nothing.
pub async fn what_was_read_of_another_transcript_is_not_stored(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let old = read(store, "1", "local", reading("send the offer")).await;
    let mut old_insights = insights_with_chunk("1", "old words", &[1.0]);
    old_insights.transcript_sha = Some(old.transcript_sha.clone());
    let lines = [("v-rep", 0, 3_000, "Now we speak of something else.")];
    load_well(store, page([], [transcript_document("1", &lines)])).await;

    assert_eq!(
        done(store.save_readings(std::slice::from_ref(&old)).await),
        0
    );
    assert_eq!(done(store.save_insights(&[old_insights]).await), 0);
    let kept = detail(store, "1").await;
    assert_eq!(kept.insights, None);
    assert_ne!(kept.transcript_sha, Some(old.transcript_sha.clone()));
    assert_eq!(rows(store, "CALL_READINGS").await, 0);
    assert_eq!(rows(store, "STG_GONG_TRANSCRIPT_CHUNKS").await, 0);

    let new = read(store, "1", "local", reading("something else")).await;
    let mut new_insights = insights_with_chunk("1", "new words", &[1.0]);
    new_insights.transcript_sha = kept.transcript_sha;
    done(store.save_readings(std::slice::from_ref(&new)).await);
    done(store.save_insights(&[new_insights]).await);
    let mut late = insights_with_chunk("1", "late words", &[1.0]);
    late.transcript_sha = Some(old.transcript_sha.clone());
    assert_eq!(done(store.save_readings(&[old]).await), 0);
    assert_eq!(done(store.save_insights(&[late]).await), 0);
    assert_eq!(done(store.readings(&["1".into()], None).await), [new]);
    assert_eq!(done(store.search_chunks("new", 10).await).len(), 1);
    let scores = detail(store, "1").await.insights.expect("insights");
    assert_eq!(scores.sentence_sentiments, [(0, -0.3)]);
}

/// A reading goes with the sentences that it speaks of, however they go.
pub async fn readings_go_with_their_transcript(store: &dyn CallStore) {
    let ids = ["changed", "withdrawn", "deleted", "kept"];
    for id in ids {
        load_well(store, spoken(id)).await;
        let one = read(store, id, "local", reading("send the offer")).await;
        done(store.save_readings(&[one]).await);
    }
    assert_eq!(rows(store, "CALL_READINGS").await, 4);
    land(store, deletion(&["deleted"])).await;
    assert_eq!(rows(store, "CALL_READINGS").await, 3, "after the deletion");
    let withdrawal = LandingPage::new("run").with_withdrawn(vec!["withdrawn".into()]);
    land(store, withdrawal).await;
    assert_eq!(
        rows(store, "CALL_READINGS").await,
        2,
        "after the withdrawal"
    );
    let lines = [("v-rep", 0, 3_000, "Now we speak of something else.")];
    load_well(store, page([], [transcript_document("changed", &lines)])).await;
    assert_eq!(rows(store, "CALL_READINGS").await, 1, "after the change");
    let left = done(store.readings(&ids.map(Into::into), None).await);
    let left: Vec<&str> = left.iter().map(|one| one.call_id.as_str()).collect();
    assert_eq!(left, ["kept"]);
}

/// The backlog of a reader is what it has not read, and what may be read after all.
pub async fn calls_without_a_reading_are_listed(store: &dyn CallStore) {
    for id in ["1", "2", "3", "4"] {
        load_well(store, spoken(id)).await;
    }
    let mut late = reading("send the offer");
    late.failed = vec![NotRead::new(Part::Praise, "rate_limited", true)];
    let mut in_vain = reading("send the offer");
    in_vain.failed = vec![NotRead::new(Part::Praise, "unsupported", false)];
    let kept = [
        read(store, "1", "local", reading("send the offer")).await,
        read(store, "2", "openai", reading("send the offer")).await,
        read(store, "3", "local", late).await,
        read(store, "4", "local", in_vain).await,
    ];
    done(store.save_readings(&kept).await);
    assert_eq!(
        kept.map(|one| one.is_retryable()),
        [false, false, true, false]
    );
    let ids = async |query: CallQuery| -> Vec<String> {
        let listed = done(store.find_calls(&query).await);
        let mut ids: Vec<String> = listed.iter().map(|one| one.id.to_string()).collect();
        ids.sort();
        ids
    };
    let lacking = |backend: &str| CallQuery {
        without_reading_of: Some(Provenance::new(backend, "model-1")),
        limit: 10,
        ..CallQuery::default()
    };
    assert_eq!(ids(lacking("local")).await, ["2", "3"]);
    assert_eq!(ids(lacking("openai")).await, ["1", "3", "4"]);
    assert_eq!(ids(lacking("nobody")).await, ["1", "2", "3", "4"]);
    let of_rep = CallQuery {
        rep: Some(snowflake_store::Rep::Id("u-ana".into())),
        order: snowflake_store::CallOrder::OldestFirst,
        ..lacking("local")
    };
    assert_eq!(ids(of_rep).await, ["2", "3"]);
}

/// What JSON cannot hold is refused, and nothing of the batch is stored.
pub async fn readings_that_are_not_finite_are_refused(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let good = read(store, "1", "local", reading("send the offer")).await;
    let mut bad = good.clone();
    bad.reading.pricing[0].confidence.value = f64::NAN;
    let error = store.save_readings(&[good, bad]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.field(), Some("confidence"));
    assert_eq!(rows(store, "CALL_READINGS").await, 0);
}
