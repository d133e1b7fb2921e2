//! Faults of the simulated HubSpot, and the log of what it was asked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::hubspot_client;

use std::time::Duration;

use hubspot_client::{Session, crm, ids, inputs, split};
use serde_json::{Value, json};
use testkit::hubspot::{Fault, FaultEffect, LimitPolicy, ObjectType};

fn status(status: u16, retry_after: Option<u64>) -> Fault {
    Fault::new(FaultEffect::Status {
        status,
        retry_after,
    })
}

#[tokio::test]
async fn statuses_come_in_the_shape_of_whoever_sends_them() {
    let session = Session::with_fixture().await;
    for (code, retry_after, is_html) in [
        (423, Some(2), false),
        (477, Some(7_200), false),
        (500, None, false),
        (503, Some(1), false),
        (521, None, true),
        (502, None, true),
    ] {
        session.state().inject(status(code, retry_after));
        let reply = session.request_get(&crm("owners")).send().await.unwrap();
        assert_eq!(reply.status(), code);
        let wait = reply.headers().get("retry-after");
        let wait: Option<u64> = wait.map(|text| text.to_str().unwrap().parse().unwrap());
        assert_eq!(wait, retry_after);
        let body = reply.text().await.unwrap();
        match serde_json::from_str::<Value>(&body) {
            Ok(body) => assert!(!is_html && body["correlationId"].is_string(), "{body}"),
            Err(_) => assert!(is_html && body.contains("<html>"), "{body}"),
        }
        assert_eq!(session.get(&crm("owners")).await.0, 200, "only once");
    }
}

#[tokio::test]
async fn a_fault_hits_the_nth_request_for_its_path() {
    let session = Session::with_fixture().await;
    let third = status(500, None)
        .on_path("/crm/objects/deals/batch/read")
        .after(2)
        .times(2);
    session.state().inject(third);
    let mut statuses = Vec::new();
    for _ in 0..5 {
        // The other path does not count.
        assert_eq!(session.batch("contacts", &["5000000001"]).await.0, 200);
        // Both spellings are one path.
        statuses.push(session.batch("0-3", &["9000000001"]).await.0);
    }
    assert_eq!(statuses, [200, 200, 500, 500, 200]);

    let about = status(500, None)
        .when_body_contains("\"9000000002\"")
        .always();
    session.state().inject(about);
    assert_eq!(session.batch("deals", &["9000000001"]).await.0, 200);
    assert_eq!(session.batch("deals", &["9000000002"]).await.0, 500);
    session.state().clear_faults();
    assert_eq!(session.batch("deals", &["9000000002"]).await.0, 200);
}

#[tokio::test]
async fn replies_are_cut_late_or_no_json() {
    let session = Session::with_fixture().await;
    let send = async || session.request_get(&crm("objects/deals")).send().await;
    session
        .state()
        .inject(Fault::new(FaultEffect::Disconnect).times(9));
    assert!(send().await.is_err());
    session.state().clear_faults();
    session.state().inject(Fault::new(FaultEffect::CutBody));
    assert!(send().await.unwrap().bytes().await.is_err());
    session
        .state()
        .inject(Fault::new(FaultEffect::MalformedJson));
    let body = send().await.unwrap().bytes().await.unwrap();
    assert!(serde_json::from_slice::<Value>(&body).is_err());
    session.state().inject(Fault::new(FaultEffect::EmptyBody));
    let reply = send().await.unwrap();
    assert_eq!(
        (reply.status().as_u16(), reply.bytes().await.unwrap().len()),
        (200, 0)
    );
    session
        .state()
        .inject(Fault::new(FaultEffect::Hang(Duration::from_secs(60))));
    let request = session.request_get(&crm("objects/deals"));
    let error = request
        .timeout(Duration::from_millis(200))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout());
}

#[tokio::test]
async fn a_limit_can_be_claimed_that_was_not_reached() {
    let session = Session::with_fixture().await;
    for (policy, name) in [
        (LimitPolicy::TenSecondlyRolling, "TEN_SECONDLY_ROLLING"),
        (LimitPolicy::Daily, "DAILY"),
    ] {
        session.state().inject(Fault::new(FaultEffect::RateLimited {
            policy,
            retry_after: None,
        }));
        let (status, body) = session.get(&crm("owners")).await;
        assert_eq!((status, &body["policyName"]), (429, &json!(name)));
        assert_eq!(body.get("category"), None);
    }
    assert_eq!(session.state().traffic().too_many_requests, 2);
}

#[tokio::test]
async fn a_deal_can_be_deleted_between_two_reads() {
    let session = Session::with_fixture().await;
    let deleted = FaultEffect::DeleteAfterwards {
        object: ObjectType::Deal,
        id: "9000000003".to_owned(),
    };
    let fault = Fault::new(deleted).on_path("/crm/objects/deals/batch/read");
    session.state().inject(fault);
    let (status, reply) = session.batch("deals", &["9000000003"]).await;
    assert_eq!((status, ids(&reply)), (200, vec!["9000000003"]));
    let path = crm("associations/deals/contacts/batch/read");
    let body = json!({"inputs": inputs(&["9000000003"])});
    assert_eq!(session.post(&path, &body).await.0, 207);
    assert_eq!(session.batch("deals", &["9000000003"]).await.0, 207);
}

#[tokio::test]
async fn requests_are_logged_in_their_order_with_what_they_asked() {
    let session = Session::with_fixture().await;
    session
        .batch("0-3", &["9000000001", "9000000002", "404"])
        .await;
    session.state().inject(status(500, None));
    session
        .get(&format!("{}?archived=true", crm("owners")))
        .await;
    session
        .get("/crm/objects/2026-03/contacts/5000000001")
        .await;
    let log = session.state().requests();
    let seen: Vec<_> = log
        .iter()
        .map(|request| {
            let fault = request.fault.unwrap_or_default();
            let sent = (request.method.as_str(), request.path.as_str());
            (sent, request.status, request.inputs, request.records, fault)
        })
        .collect();
    assert_eq!(
        seen,
        [
            (
                ("POST", "/crm/objects/2026-09/0-3/batch/read"),
                207,
                3,
                2,
                ""
            ),
            (("GET", "/crm/owners/2026-09"), 500, 0, 0, "status"),
            (
                ("GET", "/crm/objects/2026-03/contacts/5000000001"),
                200,
                0,
                0,
                ""
            ),
        ]
    );
    let traffic = session.state().traffic();
    assert_eq!(traffic.requests_for("/crm/objects/deals/batch/read"), 1);
    assert_eq!(traffic.requests_for("/crm/objects/contacts/{id}"), 1);
    assert_eq!((traffic.requests(), traffic.faults), (3, 1));
    session.state().reset_traffic();
    assert_eq!(session.state().traffic().requests(), 0);
    assert!(session.state().requests().is_empty());
}

#[tokio::test]
async fn it_stops_when_it_is_dropped() {
    let session = Session::with_fixture().await;
    let address = format!("{}{}", session.hubspot.base_url(), crm("owners"));
    assert_eq!(
        split(session.http.get(&address).send().await.unwrap())
            .await
            .0,
        401
    );
    drop(session.hubspot);
    let mut last = session.http.get(&address).send().await;
    // The task ends at its next turn.
    for _ in 0..100 {
        if last.is_err() {
            break;
        }
        tokio::task::yield_now().await;
        last = session.http.get(&address).send().await;
    }
    assert!(last.is_err());
}
