//! Leases.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use snowflake_store::{CallStore, HeldBy, LeaseOutcome, LeaseOwner, LeaseRequest};

use super::done;

/// Longer than a test takes.
const LONG: Duration = Duration::from_secs(3_600);

async fn acquire(
    store: &dyn CallStore,
    name: &str,
    owner: &LeaseOwner,
    duration: Duration,
) -> LeaseOutcome {
    let request = LeaseRequest {
        name: name.to_owned(),
        owner: owner.clone(),
        duration,
    };
    done(store.acquire_lease(&request).await)
}

fn holder(outcome: LeaseOutcome) -> HeldBy {
    match outcome {
        LeaseOutcome::HeldBy(holder) => holder,
        LeaseOutcome::Held => panic!("it was held already"),
    }
}

/// One owner has a lease until it is given back, others are told who and until when, and
/// only the owner can give it back.
pub async fn one_owner_at_a_time_has_a_lease(store: &dyn CallStore) {
    let (one, other) = ("first, of one", "second, of other");
    let (one, other) = (
        LeaseOwner::this_process(one),
        LeaseOwner::this_process(other),
    );
    for _ in 0..2 {
        let outcome = acquire(store, "sync", &one, LONG).await;
        assert_eq!(
            outcome,
            LeaseOutcome::Held,
            "to have it again is to renew it"
        );
        let held = holder(acquire(store, "sync", &other, LONG).await);
        assert!(held.owner.starts_with("first, of one (process "), "{held}");
        let left = held.until.duration_since(Timestamp::now());
        assert!(
            left > SignedDuration::from_mins(30) && left < SignedDuration::from_mins(90),
            "{held}"
        );
        done(store.release_lease("sync", &other).await);
    }
    let outcome = acquire(store, "backlog", &other, LONG).await;
    assert_eq!(
        outcome,
        LeaseOutcome::Held,
        "another lease is another matter"
    );
    done(store.release_lease("sync", &one).await);
    done(store.release_lease("sync", &one).await);
    assert_eq!(
        acquire(store, "sync", &other, LONG).await,
        LeaseOutcome::Held
    );
    let held = holder(acquire(store, "sync", &one, LONG).await);
    assert!(held.owner.starts_with("second, of other"), "{held}");
}

/// A lease that was not renewed in time is free, and whoever had it learns that.
pub async fn an_expired_lease_is_free(store: &dyn CallStore) {
    let (one, other) = (LeaseOwner::this_process("1"), LeaseOwner::this_process("2"));
    let moment = Duration::from_millis(1);
    assert_eq!(
        acquire(store, "sync", &one, moment).await,
        LeaseOutcome::Held
    );
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(
        acquire(store, "sync", &other, LONG).await,
        LeaseOutcome::Held
    );
    holder(acquire(store, "sync", &one, LONG).await);
}

/// An owner whose process has ended holds up nobody on its host.
pub async fn an_owner_that_has_ended_has_no_lease(store: &dyn CallStore) {
    let me = LeaseOwner::this_process("lives");
    let ended = LeaseOwner {
        label: "ended".to_owned(),
        started: "1/1".to_owned(),
        ..me.clone()
    };
    let elsewhere = LeaseOwner {
        host: "elsewhere".to_owned(),
        ..ended.clone()
    };
    assert_eq!(
        acquire(store, "sync", &ended, LONG).await,
        LeaseOutcome::Held
    );
    let outcome = acquire(store, "sync", &me, LONG).await;
    if cfg!(target_os = "linux") {
        assert_eq!(outcome, LeaseOutcome::Held);
        holder(acquire(store, "sync", &ended, LONG).await);
    }
    assert_eq!(
        acquire(store, "backlog", &elsewhere, LONG).await,
        LeaseOutcome::Held
    );
    let held = holder(acquire(store, "backlog", &me, LONG).await);
    assert!(held.owner.contains("on elsewhere"), "{held}");
}

/// Of many who ask at the same time one gets it.
pub async fn one_of_many_gets_a_lease(store: &dyn CallStore) {
    for name in ["sync", "backlog", "other"] {
        let owners: Vec<_> = (0..8)
            .map(|number| LeaseOwner::this_process(number.to_string()))
            .collect();
        let asked = owners.iter().map(|owner| acquire(store, name, owner, LONG));
        let outcomes = join_all(asked).await;
        let held = outcomes
            .iter()
            .filter(|outcome| **outcome == LeaseOutcome::Held);
        assert_eq!(held.count(), 1, "{outcomes:?}");
    }
}

/// A lease without a name or without an end is none.
pub async fn leases_have_a_name_and_an_end(store: &dyn CallStore) {
    for (name, duration, field) in [
        ("", LONG, "name"),
        ("sync", Duration::ZERO, "duration"),
        ("sync", Duration::MAX, "duration"),
    ] {
        let request = LeaseRequest {
            name: name.to_owned(),
            owner: LeaseOwner::this_process("x"),
            duration,
        };
        let error = store.acquire_lease(&request).await.unwrap_err();
        assert_eq!(error.field(), Some(field));
    }
}
