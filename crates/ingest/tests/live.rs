//! Calls read straight from Gong are those that a store holds of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use ingest::{CallChoice, LiveCalls};
use jiff::SignedDuration;
use resilience::ErrorKind;
use serde_json::json;
use snowflake_store::{CallHeader, CallOrder, CallQuery, CallReader, Insights, Period, Rep};
use testkit::SimulatedCall;
use testkit::gong::{Fault, FaultEffect, GongSimulator};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};
use world::{NOW, World, call, id, number_text, used_up};

fn days_back(days: i64) -> Period {
    Period {
        from: NOW - SignedDuration::from_hours(24 * days),
        to: NOW,
    }
}

fn of_days(days: i64) -> CallQuery {
    CallQuery {
        period: Some(days_back(days)),
        limit: 100,
        ..CallQuery::default()
    }
}

fn private(number: usize) -> SimulatedCall {
    let mut call = call(number);
    call.extensive["metaData"]["isPrivate"] = json!(true);
    call
}

fn silent(number: usize) -> SimulatedCall {
    SimulatedCall {
        transcript: None,
        ..call(number)
    }
}

#[tokio::test]
async fn a_call_is_what_the_store_holds_of_it() {
    let config = SyntheticConfig {
        anchor: NOW,
        deals: 6,
        ..SyntheticConfig::default()
    };
    let org = SyntheticOrg::generate(&config);
    let world = World::start(GongSimulator::builder().org(&org)).await;
    world.full().await;
    let live = LiveCalls::new(world.client.clone()).unwrap();
    for simulated in &org.calls {
        let id = simulated.id().unwrap().into();
        let stored = world.store.call_detail(&id).await.unwrap();
        assert!(stored.is_some(), "{id}");
        assert_eq!(live.call_detail(&id).await.unwrap(), stored, "{id}");
    }
}

#[tokio::test]
async fn a_list_is_that_of_the_store() {
    let calls = (1..=9).map(call).chain([silent(10)]);
    let world = World::start(GongSimulator::builder().calls(calls)).await;
    world.full().await;
    let live = LiveCalls::new(world.client.clone()).unwrap();
    let named = |rep| CallQuery {
        rep: Some(rep),
        ..of_days(30)
    };
    let queries = [
        of_days(30),
        of_days(1),
        CallQuery {
            order: CallOrder::OldestFirst,
            limit: 3,
            ..of_days(30)
        },
        CallQuery {
            with_transcript: true,
            ..of_days(30)
        },
        named(Rep::Id("501".into())),
        named(Rep::Email("RAE@seller.example".to_owned())),
        named(Rep::Name("nobody of this name".to_owned())),
    ];
    for query in queries {
        let listed: Vec<CallHeader> = live.find_calls(&query).await.unwrap();
        assert_eq!(
            listed,
            world.store.find_calls(&query).await.unwrap(),
            "{query:?}"
        );
    }
}

#[tokio::test]
async fn what_gong_does_not_serve_or_nobody_chose_is_not_there() {
    let calls = [call(1), private(2), silent(3)];
    let world = World::start(GongSimulator::builder().calls(calls)).await;
    let live = LiveCalls::new(world.client.clone()).unwrap();
    assert_eq!(live.call_detail(&"404".into()).await.unwrap(), None);
    assert_eq!(live.call_detail(&id(2)).await.unwrap(), None, "private");
    let silent = live.call_detail(&id(3)).await.unwrap().unwrap();
    assert_eq!((silent.transcript, silent.transcript_sha), (None, None));
    let listed = live.find_calls(&of_days(30)).await.unwrap();
    let listed: Vec<&str> = listed.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(listed, [number_text(1), number_text(3)]);

    let choice = CallChoice {
        private_calls: true,
        exclude_titles: vec!["call 1".to_owned()],
        ..CallChoice::default()
    };
    let live = LiveCalls::choosing(world.client.clone(), &choice).unwrap();
    assert_eq!(live.call_detail(&id(1)).await.unwrap(), None);
    assert!(live.call_detail(&id(2)).await.unwrap().is_some());
}

#[tokio::test]
async fn what_gong_cannot_answer_is_unsupported() {
    let world = World::with_calls(1).await;
    let live = LiveCalls::new(world.client.clone()).unwrap();
    let (rep, period) = (Rep::Id("501".into()), days_back(30));
    let without_period = CallQuery {
        period: None,
        ..of_days(30)
    };
    let kinds = [
        live.calls_for_coaching(Some(&rep), period, 10)
            .await
            .map(drop),
        live.team_figures(period, None).await.map(drop),
        live.search_chunks("price", 10).await.map(drop),
        live.find_calls(&without_period).await.map(drop),
    ];
    for answer in kinds {
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unsupported);
    }
    assert_eq!(live.readings(&[id(1)], None).await.unwrap(), []);
    assert_eq!(live.save_readings(&[]).await.unwrap(), 0);
}

#[tokio::test]
async fn faults_are_ridden_out_or_typed() {
    let world = World::with_calls(3).await;
    let live = LiveCalls::new(world.client.clone()).unwrap();
    let state = world.gong.state();
    let passing = [
        FaultEffect::Status {
            status: 429,
            retry_after: Some(0),
        },
        FaultEffect::Status {
            status: 503,
            retry_after: None,
        },
        FaultEffect::CutBody,
        FaultEffect::Disconnect,
        FaultEffect::BadGatewayPage,
    ];
    for effect in passing {
        state.inject(Fault::new(effect.clone()).times(1));
        let detail = live.call_detail(&id(1)).await.unwrap();
        assert_eq!(detail.unwrap().call.id, id(1), "{effect:?}");
    }
    state.inject(used_up().always());
    let error = live.call_detail(&id(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted, "{error}");
    state.clear_faults();

    world.spoil(2);
    let error = live.call_detail(&id(2)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.to_string().contains("metaData.started"), "{error}");
    for effect in [
        FaultEffect::InvalidUtf8,
        FaultEffect::MissingId,
        FaultEffect::HtmlPage,
    ] {
        state.inject(Fault::new(effect.clone()).for_call(number_text(3)).always());
        let answer = live.call_detail(&id(3)).await;
        assert!(answer.is_err(), "{effect:?}: {answer:?}");
        state.clear_faults();
    }
    assert!(live.call_detail(&id(3)).await.unwrap().is_some());
}
