//! What the sales-coach agent promises, on a real store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use agents::insights::analyse_backlog;
use agents::{Assessment, ConfidenceLevel, ErrorCode, PeriodChoice, SalesCoachAgent, Standing};
use snowflake_store::{CallReader, Period, Rep, SqliteStore};
use support::PhraseLanguage;

async fn analysed_store() -> Arc<SqliteStore> {
    let store = support::store_of(&support::small_org()).await;
    let report = analyse_backlog(
        Arc::clone(&store) as _,
        Arc::new(PhraseLanguage::default()),
        NonZeroUsize::new(4).unwrap(),
        |_| {},
    )
    .await
    .unwrap();
    assert_eq!(report.failed, []);
    store
}

fn recent(days: u32) -> PeriodChoice {
    PeriodChoice::Last {
        days,
        now: support::anchor(),
    }
}

async fn reps_of(store: &SqliteStore) -> Vec<Rep> {
    let mut names = BTreeSet::new();
    for call_id in support::call_ids(store).await {
        let detail = store.call_detail(&call_id).await.unwrap().unwrap();
        names.extend(
            detail
                .call
                .primary_party()
                .and_then(|party| party.name.clone()),
        );
    }
    names.into_iter().map(Rep::Name).collect()
}

#[tokio::test]
async fn every_rep_is_coached_with_sentences_out_of_their_own_calls() {
    let store = analysed_store().await;
    let coach = SalesCoachAgent::new(Arc::clone(&store) as _);
    let mut advised = 0;
    for rep in reps_of(&store).await {
        let report = coach.coach(&rep, recent(90)).await.unwrap();
        assert_eq!(Some(rep), report.rep.name.clone().map(Rep::Name));
        let json = serde_json::to_value(&report).unwrap();
        let cited = support::check_evidence(&store, &json).await;
        assert!(cited > 0, "nothing is said about {:?}", report.rep.name);
        let weights: Vec<f64> = report.recommendations.iter().map(|r| r.weight).collect();
        assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
        for recommendation in &report.recommendations {
            advised += 1;
            assert!(recommendation.weight > 0.0);
            let standing = report
                .metrics
                .iter()
                .find(|m| m.metric == recommendation.metric);
            let alone = report.recommendations.len() == 1;
            assert!(alone || standing.unwrap().assessment == Assessment::ToWorkOn);
            for evidence in recommendation.claim.evidence() {
                let detail = store
                    .call_detail(evidence.call_id())
                    .await
                    .unwrap()
                    .unwrap();
                assert_eq!(detail.call.primary_user_id, report.rep.id);
            }
            if let Some(example) = &recommendation.example {
                assert_ne!(example.rep, report.rep);
                assert!(
                    example
                        .claim
                        .evidence()
                        .iter()
                        .all(|e| *e.call_id() == example.call.id)
                );
            }
        }
        let again = coach
            .coach(&Rep::Email(report.rep.email.clone().unwrap()), recent(90))
            .await
            .unwrap();
        assert_eq!(again, report, "the same rep by another name");
    }
    assert!(
        advised > 5,
        "only {advised} recommendations in the whole team"
    );
}

#[tokio::test]
async fn a_period_without_calls_ends_with_the_latest_one_and_says_so() {
    let store = analysed_store().await;
    let coach = SalesCoachAgent::new(Arc::clone(&store) as _);
    let rep = reps_of(&store).await.remove(0);
    let years_later = PeriodChoice::Last {
        days: 30,
        now: "2030-01-01T00:00:00Z".parse().unwrap(),
    };
    let report = coach.coach(&rep, years_later).await.unwrap();
    assert!(report.calls > 0);
    assert!(report.period.to < support::anchor());
    assert!(
        report.notes.iter().any(|note| note.contains("latest call")),
        "{:?}",
        report.notes
    );

    let exactly = PeriodChoice::Between(Period {
        from: "2029-01-01T00:00:00Z".parse().unwrap(),
        to: "2030-01-01T00:00:00Z".parse().unwrap(),
    });
    let error = coach.coach(&rep, exactly).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepNotFound);
    assert_eq!(error.field(), Some("rep_name"));
}

#[tokio::test]
async fn one_call_of_one_rep_is_a_hint_and_measured_against_targets() {
    let call = [
        (
            "rep",
            0,
            290_000,
            "Let me show you every page of the product, one after the other.",
        ),
        ("buyer", 291_000, 293_000, "Okay."),
        ("rep", 293_500, 300_000, "And one more page."),
        (
            "buyer",
            301_000,
            310_000,
            "We are worried that this takes too long, honestly.",
        ),
    ];
    let store = support::store_of_one_call("Demo", &call).await;
    let coach = SalesCoachAgent::new(Arc::clone(&store) as _);
    let rep = Rep::Email("ROSA@seller.example".to_owned());
    let report = coach.coach(&rep, recent(30)).await.unwrap();
    assert_eq!(report.confidence.level, ConfidenceLevel::Low);
    assert!(
        report.confidence.text.contains("Only 1 call"),
        "{}",
        report.confidence.text
    );
    assert!(
        report
            .metrics
            .iter()
            .all(|metric| metric.standing == Standing::Alone)
    );
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("too few to compare"))
    );
    let first = &report.recommendations[0];
    assert!(first.claim.confidence() < 0.5);
    assert_eq!(first.example, None);
}

#[tokio::test]
async fn the_team_lists_every_rep_once() {
    let store = analysed_store().await;
    let coach = SalesCoachAgent::new(Arc::clone(&store) as _);
    let overview = coach.team(recent(90)).await.unwrap();
    let names: BTreeSet<_> = overview
        .reps
        .iter()
        .map(|row| row.rep.name.clone())
        .collect();
    assert_eq!(names.len(), overview.reps.len());
    assert_eq!(overview.reps.len() as u64, overview.team.reps);
    let calls: u64 = overview.reps.iter().map(|row| row.figures.calls).sum();
    assert_eq!(calls, overview.team.calls);
    assert!(overview.reps.iter().any(|row| row.to_work_on.is_some()));

    let empty = SalesCoachAgent::new(Arc::new(SqliteStore::in_memory().await.unwrap()) as _);
    let overview = empty.team(recent(90)).await.unwrap();
    assert_eq!((overview.period, overview.reps.len()), (None, 0));
}
