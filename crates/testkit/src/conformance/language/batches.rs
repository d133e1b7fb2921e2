//! Cases about batches: order, size, errors, and requests at the same time.

use std::time::Duration;

use cortex::Method;
use resilience::ErrorKind;

use super::LanguageFixture;

/// Things that are said on calls, each different.
const SAID: [&str; 6] = [
    "We love the dashboard, it saves us hours every week.",
    "The price is too high for us and the contract is terrible.",
    "Could you send the security questionnaire by Friday?",
    "I'll send you the proposal and the order form tomorrow.",
    "Our finance team has to approve the budget before we can sign.",
    "Initech offered us the same for half the price.",
];

/// Longest batch limit that is gone beyond.
const LARGEST_LIMIT: usize = 1_500;

/// Provenance and capabilities are there, do not change, and agree.
pub async fn tells_what_it_is(fixture: &LanguageFixture) {
    let backend = fixture.backend();
    let provenance = backend.provenance();
    assert!(!provenance.backend.trim().is_empty());
    assert!(!provenance.model.trim().is_empty());
    assert_eq!(provenance, backend.provenance());

    let capabilities = backend.capabilities();
    assert_eq!(capabilities, backend.capabilities());
    assert!(capabilities.max_batch > 0);
    let mut methods = capabilities.methods.clone();
    methods.sort_unstable();
    methods.dedup();
    assert!(!methods.is_empty());
    assert_eq!(methods.len(), capabilities.methods.len(), "a method twice");
    let embeds = capabilities.supports(Method::Embed);
    assert_eq!(capabilities.embedding_dim.is_some(), embeds);
    assert_eq!(capabilities.embedding_model.is_some(), embeds);
}

/// A method that is not declared fails the batch with `Unsupported`.
pub async fn refuses_what_it_does_not_declare(fixture: &LanguageFixture) {
    let declared = fixture.methods();
    for method in Method::ALL
        .into_iter()
        .filter(|method| !declared.contains(method))
    {
        let refused = fixture.ask(method, &SAID[..1]).await;
        let kind = refused.map(|_| ()).map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::Unsupported), "{method:?}");
    }
}

/// Nothing is answered with nothing, at once.
pub async fn answers_an_empty_batch_without_a_round_trip(fixture: &LanguageFixture) {
    let before = fixture.round_trips();
    for method in fixture.methods() {
        let outcomes = fixture.ask(method, &[]).await;
        assert!(outcomes.expect("an empty batch cannot fail").is_empty());
    }
    assert_eq!(fixture.round_trips(), before);
    if before.is_none() {
        eprintln!("skipped in part: nobody counts the round trips");
    }
}

/// One outcome an item, in order: the answers of a batch are those of its items alone.
pub async fn answers_in_order(fixture: &LanguageFixture) {
    for method in fixture.methods() {
        let together = fixture.answers(method, &SAID).await;
        for (text, answer) in SAID.iter().zip(&together) {
            let alone = fixture.answers(method, &[text]).await;
            fixture.assert_same(method, answer, &alone[0]);
        }
        let mut turned = SAID;
        turned.reverse();
        let turned = fixture.answers(method, &turned).await;
        for (answer, other) in together.iter().zip(turned.iter().rev()) {
            fixture.assert_same(method, answer, other);
        }
    }
}

/// An item that comes twice is answered twice, alike.
pub async fn answers_duplicates_alike(fixture: &LanguageFixture) {
    for method in fixture.methods() {
        let texts = [SAID[0], SAID[1], SAID[0], SAID[0], SAID[1]];
        let answers = fixture.answers(method, &texts).await;
        for (left, right) in [(0, 2), (0, 3), (1, 4)] {
            fixture.assert_same(method, &answers[left], &answers[right]);
        }
    }
}

/// A batch may be longer than one round trip carries.
pub async fn takes_batches_beyond_its_limit(fixture: &LanguageFixture) {
    let limit = fixture.backend().capabilities().max_batch;
    let length = if limit <= LARGEST_LIMIT {
        limit * 2 + 1
    } else {
        300
    };
    let texts: Vec<String> = (0..length)
        .map(|number| format!("{number}: {}", SAID[number % SAID.len()]))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for method in fixture.methods() {
        let answers = fixture.answers(method, &texts).await;
        let edges = [0, limit.min(length) - 1, limit.min(length - 1), length - 1];
        for at in edges {
            let alone = fixture.answers(method, &texts[at..=at]).await;
            fixture.assert_same(method, &answers[at], &alone[0]);
        }
    }
}

/// An item that fails takes no other with it, and its text is in no error.
pub async fn a_bad_item_fails_alone(fixture: &LanguageFixture) {
    let Some(failing) = fixture.failing_text() else {
        eprintln!("skipped: no text is known to fail");
        return;
    };
    let marked = format!("{failing} zebrawood");
    for method in fixture.methods() {
        let texts = [SAID[0], &marked, SAID[1], &marked, SAID[2]];
        let outcomes = fixture
            .ask(method, &texts)
            .await
            .expect("the others are answered");
        assert_eq!(outcomes.len(), texts.len());
        for (at, outcome) in outcomes.iter().enumerate() {
            match outcome {
                Ok(answer) => {
                    assert!(at % 2 == 0, "{method:?}: item {at} has to fail");
                    let alone = fixture.answers(method, &texts[at..=at]).await;
                    fixture.assert_same(method, answer, &alone[0]);
                }
                Err(error) => {
                    assert!(at % 2 == 1, "{method:?}: item {at} failed: {error}");
                    let shown = format!("{error} {error:?}");
                    assert!(!shown.contains("zebrawood"), "{method:?}: text in {shown}");
                }
            }
        }
    }
}

/// Requests at the same time do not disturb each other, nor does one that is dropped.
pub async fn answers_alike_at_once_and_after_a_dropped_request(fixture: &LanguageFixture) {
    for method in fixture.methods() {
        let before = fixture.answers(method, &SAID).await;
        // Polled once, then dropped unless it was ready.
        let _ = tokio::time::timeout(Duration::ZERO, fixture.ask(method, &SAID)).await;
        let (all, some, one) = tokio::join!(
            fixture.answers(method, &SAID),
            fixture.answers(method, &SAID[2..4]),
            fixture.answers(method, &SAID[5..]),
        );
        for (answers, from) in [(&all, 0), (&some, 2), (&one, 5)] {
            for (answer, expected) in answers.iter().zip(&before[from..]) {
                fixture.assert_same(method, answer, expected);
            }
        }
    }
}
