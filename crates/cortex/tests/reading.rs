//! The local backend reads a call: as its numbers were learned, and within its contract.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::ops::Range;

use calls::reading::{CallToRead, CallType, Part, PushbackKind};
use cortex::{LanguageBackend, LanguageBackendExt, LocalLanguage, Method, ReadingModel};
use serde_json::Value;

/// Made by `training/reading/fixture.py`, in Python, from the same numbers.
const FIXTURE: &str = include_str!("reading_fixture.json");

const KINDS: [&str; 8] = [
    "next_steps",
    "pushback",
    "competitors",
    "pricing",
    "decision",
    "timeline",
    "praise",
    "pains",
];

fn call() -> CallToRead {
    let fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    serde_json::from_value(fixture["call"].clone()).unwrap()
}

#[tokio::test]
async fn items_owners_and_dates_are_those_that_the_training_scripts_find() {
    let fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    let reading = LocalLanguage::new().reading_of(call()).await.unwrap();
    let reading = serde_json::to_value(reading).unwrap();
    let mut compared = 0;
    for kind in KINDS {
        let expected = fixture["expected"][kind].as_array().unwrap();
        let found = reading[kind].as_array().unwrap();
        assert_eq!(found.len(), expected.len(), "{kind}");
        for (found, expected) in found.iter().zip(expected) {
            let (sure, likely) = (&found["confidence"]["value"], &expected["confidence"]);
            let off = (sure.as_f64().unwrap() - likely.as_f64().unwrap()).abs();
            assert!(off < 0.011, "{kind}: {sure} for {likely}");
            for (name, value) in expected.as_object().unwrap() {
                if name != "confidence" {
                    assert_eq!(&found[name], value, "{kind}: {name}");
                }
            }
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared} items");
}

#[tokio::test]
async fn a_call_among_colleagues_is_internal_and_nobody_objects() {
    let mut call = call();
    for party in &mut call.parties {
        party.side = calls::reading::Side::Rep;
    }
    let reading = LocalLanguage::new().reading_of(call).await.unwrap();
    assert_eq!(reading.call_type, Some(CallType::Internal));
    assert!(reading.pushback.is_empty() && reading.pains.is_empty());
    assert_eq!(reading.deal_health, None);
    assert!(reading.was_read(Part::Pushback));
}

#[tokio::test]
async fn what_is_said_plainly_is_heard() {
    // The call of docs/language.md.
    let call: CallToRead = serde_json::from_str(include_str!("reading_plain.json")).unwrap();
    let reading = LocalLanguage::new().reading_of(call.clone()).await.unwrap();
    let [pushback] = &reading.pushback[..] else {
        panic!("{:?}", reading.pushback);
    };
    assert_eq!(
        (pushback.kind, &pushback.sentences[..]),
        (PushbackKind::Price, &[1][..])
    );
    assert!(
        reading.summary.contains("main obstacle (price)"),
        "{}",
        reading.summary
    );
    let [step] = &reading.next_steps[..] else {
        panic!("{:?}", reading.next_steps);
    };
    assert_eq!(
        step.due.map(|due| due.to_string()).as_deref(),
        Some("2026-05-18")
    );
    for turned in [
        "Eighteen thousand is not too expensive for us.",
        "Is that too expensive for you?",
    ] {
        let mut call = call.clone();
        call.turns[1].sentences = vec![turned.to_owned()];
        let reading = LocalLanguage::new().reading_of(call).await.unwrap();
        assert_eq!(reading.pushback, [], "{turned}");
    }
}

#[tokio::test]
async fn the_title_says_what_kind_of_call_it_is() {
    for (title, kind) in [
        (
            "Kestrel Aviation / Fernhollow - Contract",
            CallType::Negotiation,
        ),
        ("Follow-up after the offsite", CallType::FollowUp),
        ("Security review with Corvid", CallType::Technical),
        ("Half-year review", CallType::BusinessReview),
        ("First call: Tolland Cold Storage", CallType::Discovery),
        ("Costa Cruises / Fernhollow - demo", CallType::Demo),
    ] {
        let mut call = call();
        title.clone_into(&mut call.title);
        let reading = LocalLanguage::new().reading_of(call).await.unwrap();
        assert_eq!(reading.call_type, Some(kind), "{title}");
    }
}

#[tokio::test]
async fn another_language_is_refused_and_not_read_as_silence() {
    let mut call = call();
    let said =
        "Wir haben dafür leider kein Budget, und die Entscheidung trifft bei uns der Einkauf.";
    for turn in &mut call.turns {
        turn.sentences = vec![said.to_owned()];
    }
    let error = LocalLanguage::new().reading_of(call).await.unwrap_err();
    assert_eq!(error.kind(), resilience::ErrorKind::Unsupported);
}

#[tokio::test]
async fn summaries_name_what_is_next() {
    let reading = LocalLanguage::new().reading_of(call()).await.unwrap();
    assert!(reading.summary.contains("Next, "), "{}", reading.summary);
    let cited = reading
        .summary_claims
        .iter()
        .map(|claim| claim.sentences.len());
    assert!(cited.sum::<usize>() > 3);
}

#[test]
fn other_bytes_are_no_model() {
    for bytes in [
        &b""[..],
        b"READ1",
        b"READ1\xff\xff\xff\xff",
        b"READ1\x02\x00\x00\x00{}",
    ] {
        let error = ReadingModel::from_bytes(bytes, bytes).unwrap_err();
        assert_eq!(error.kind(), resilience::ErrorKind::Decode);
    }
}

/// Stores keep readings by reader: those of other numbers are made beside them, and never
/// compared with them.
#[test]
fn readings_name_the_numbers_they_were_made_with() {
    let mut numbers = include_bytes!("../data/reading.bin").to_vec();
    let choices = include_bytes!("../data/reading_choices.bin");
    let shipped = LocalLanguage::new().provenance_of(Method::Read);
    let with = |numbers: &[u8]| {
        let model = ReadingModel::from_bytes(numbers, choices).unwrap();
        LocalLanguage::new().with_reading_model(model)
    };
    assert_eq!(with(&numbers).provenance_of(Method::Read), shipped);
    // A weight of one word.
    *numbers.last_mut().unwrap() ^= 1;
    let other = with(&numbers);
    assert_ne!(other.provenance_of(Method::Read), shipped);
    for method in Method::ALL {
        if method != Method::Read {
            let alike = LocalLanguage::new().provenance_of(method);
            assert_eq!(other.provenance_of(method), alike, "{method:?}");
        }
    }
}

/// A sales call of forty sentences, with what the rep says in the middle of it.
fn call_with(middle: &[(&str, &str)]) -> CallToRead {
    let talk = [
        ("r", "How do you handle invoices and contracts?"),
        (
            "c",
            "The manager sends each contract to legal in the spring.",
        ),
        ("r", "And who signs the contract in your company?"),
        (
            "c",
            "Our director signs, the finance manager reads it in May.",
        ),
    ];
    let turn = |(speaker, text): &(&str, &str)| serde_json::json!({"speaker": speaker, "sentences": [text]});
    let turns: Vec<Value> = (talk.iter().cycle().take(20))
        .chain(middle)
        .chain(talk.iter().cycle().take(20))
        .map(turn)
        .collect();
    serde_json::from_value(serde_json::json!({
        "id": "1", "title": "Demo", "started": "2026-05-12T14:30:00Z", "host": "r", "turns": turns,
        "parties": [
            {"id": "r", "name": "Ann Reed", "side": "rep"},
            {"id": "c", "name": "Bo Hart", "side": "customer"},
        ],
    }))
    .unwrap()
}

#[tokio::test]
async fn competitors_told_one_after_another_have_their_own_names_and_sentences() {
    let said = [
        ("c", "We had a demo of Trackwell in March."),
        ("r", "Trackwell, okay, and how did you find them?"),
        ("c", "They're cheaper than you, but Denise hated the app."),
        ("r", "How do you handle invoices and contracts?"),
        ("c", "The office in Leeds does that by hand."),
        ("c", "And Ledgerly sent us an offer last week."),
        ("r", "Ledgerly, what did they offer?"),
        ("c", "Ledgerly is cheaper, but it can't do the contracts."),
    ];
    let reading = LocalLanguage::new().reading_of(call_with(&said)).await;
    let found = reading.unwrap().competitors.into_iter();
    let found: Vec<_> = found.map(|one| (one.name, one.sentences)).collect();
    let [(first, of_first), (second, of_second)] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!([first, second], ["Trackwell", "Ledgerly"]);
    let is_within =
        |sentences: &[usize], range: Range<usize>| sentences.iter().all(|at| range.contains(at));
    assert!(of_first.contains(&20) && of_first.contains(&21) && is_within(of_first, 19..25));
    assert!(of_second.starts_with(&[25, 26, 27]) && is_within(of_second, 25..30));
}

async fn moments_of(middle: &[(&str, &str)]) -> Vec<(String, Vec<usize>)> {
    let reading = LocalLanguage::new().reading_of(call_with(middle)).await;
    let moments = reading.unwrap().moments.into_iter();
    moments.map(|one| (one.kind, one.sentences)).collect()
}

#[tokio::test]
async fn a_discount_is_a_moment_when_nobody_asked_and_nothing_is_traded() {
    let offer = ("r", "I could do ten percent if you sign this month.");
    let of_discounts = |moments: Vec<(String, Vec<usize>)>| -> Vec<Vec<usize>> {
        let found = moments
            .into_iter()
            .filter(|(kind, _)| kind == "discount_unprompted");
        found.map(|(_, sentences)| sentences).collect()
    };
    assert_eq!(of_discounts(moments_of(&[offer]).await), [vec![20]]);
    for asked_or_traded in [
        &[("c", "That's too much, is there a discount?"), offer][..],
        &[("r", "I could do ten percent for two years in advance.")],
        &[("r", "I can say that I'm ninety nine percent sure.")],
        &[("c", "I could do ten percent more work.")],
    ] {
        let found = of_discounts(moments_of(asked_or_traded).await);
        assert!(found.is_empty(), "{asked_or_traded:?}: {found:?}");
    }
}

#[tokio::test]
async fn a_summary_of_the_rep_is_a_moment_with_nothing_to_better() {
    let said = [
        ("r", "Right, let me play that back."),
        (
            "r",
            "You get the contract from me on Friday with the longer notice, Bo reads it over the weekend, and legal sees it on Monday.",
        ),
        (
            "r",
            "And then the three of us talk on Tuesday at ten about what is still open, is that all of it?",
        ),
        ("c", "That's all of it."),
    ];
    let found = moments_of(&said).await;
    let summed_up = ("good_summary".to_owned(), vec![20, 21, 22]);
    assert!(found.contains(&summed_up), "{found:?}");
    assert!(
        !found.iter().any(|(kind, _)| kind == "no_next_step"),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_call_without_a_dated_step_says_so() {
    let found = moments_of(&[]).await;
    let kinds: Vec<&str> = found.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["no_next_step"]);
}
