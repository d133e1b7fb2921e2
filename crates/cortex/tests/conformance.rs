//! The local backend, pairs, and every decorator keep the contract of `LanguageBackend`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use cortex::redaction::Redacted;
use cortex::{Hybrid, LanguageBackend, LocalLanguage};
use resilience::Route;
use testkit::conformance::language::LanguageFixture;

use crate::support;
use support::Scripted;

/// The local backend itself is tried with a megabyte; a decorator does not read more
/// closely.
const DECORATED_TEXT: usize = 20_000;

/// A decorated backend that counts its round trips and fails on demand.
fn over<B: LanguageBackend>(decorate: impl FnOnce(Arc<Scripted>) -> B) -> (LanguageFixture, ()) {
    let scripted = Arc::new(Scripted::default());
    let fixture = LanguageFixture::new(decorate(Arc::clone(&scripted)))
        .counting(move || scripted.round_trips() as u64)
        .failing_on("#invalid")
        .with_longest_text(DECORATED_TEXT);
    (fixture, ())
}

async fn local() -> (LanguageFixture, ()) {
    (LanguageFixture::new(LocalLanguage::new()), ())
}

async fn boxed() -> (LanguageFixture, ()) {
    let language: Box<dyn LanguageBackend> = Box::new(LocalLanguage::new());
    let fixture = LanguageFixture::new(language).with_longest_text(DECORATED_TEXT);
    (fixture, ())
}

async fn scripted() -> (LanguageFixture, ()) {
    over(|backend| backend)
}

async fn hybrid() -> (LanguageFixture, ()) {
    over(|backend| {
        // What is wrong with an item is wrong with it everywhere.
        let route = Route::default().with_fallback_on([]);
        Hybrid::new(backend, LocalLanguage::new()).with_route(route)
    })
}

async fn hybrid_of_shares() -> (LanguageFixture, ()) {
    let route = Route::default()
        .with_primary_share(0.5)
        .with_shadow_share(0.5);
    let hybrid = Hybrid::new(LocalLanguage::new(), LocalLanguage::new()).with_route(route);
    let fixture = LanguageFixture::new(hybrid).with_longest_text(DECORATED_TEXT);
    (fixture, ())
}

async fn redacted() -> (LanguageFixture, ()) {
    over(|backend| {
        let redacted = Redacted::new(backend).unwrap();
        redacted
            .for_parties(["Dana Smith", "Friday Price"])
            .unwrap()
    })
}

async fn redacted_hybrid() -> (LanguageFixture, ()) {
    over(|backend| {
        let language = Redacted::new(backend).unwrap();
        let route = Route::default().with_fallback_on([]);
        Hybrid::new(language, LocalLanguage::new()).with_route(route)
    })
}

testkit::language_backend_suite!(
    local_language,
    local,
    skips: [answers_an_empty_batch_without_a_round_trip, a_bad_item_fails_alone]
);
testkit::language_backend_suite!(
    behind_box,
    boxed,
    skips: [answers_an_empty_batch_without_a_round_trip, a_bad_item_fails_alone]
);
testkit::language_backend_suite!(scripted_backend, scripted);
testkit::language_backend_suite!(hybrid_with_idle_fallback, hybrid);
testkit::language_backend_suite!(
    hybrid_that_shares,
    hybrid_of_shares,
    skips: [answers_an_empty_batch_without_a_round_trip, a_bad_item_fails_alone]
);
testkit::language_backend_suite!(behind_redaction, redacted);
testkit::language_backend_suite!(behind_redaction_and_hybrid, redacted_hybrid);
