//! The JSON of a reading is what the store keeps and other programs parse.

use calls::PartyId;
use calls::reading::{
    CallToRead, Confidence, Handling, NextStep, NotRead, Owner, Part, Pushback, PushbackKind,
    Reading, Side, StepStatus,
};
use serde_json::json;

fn sure() -> Confidence {
    Confidence::measured(0.5, "ten calls")
}

#[test]
fn items_have_the_names_of_the_architecture() {
    let mut step = NextStep::new("Send the offer", vec![3, 4], sure());
    step.owner = Some(Owner::Party(PartyId::new("p1")));
    step.due = Some("2026-05-20".parse().unwrap());
    step.status = StepStatus::Agreed;
    let mut meeting = NextStep::new("Meet", vec![9], sure());
    meeting.owner = Some(Owner::Both);
    let mut pushback = Pushback::new(PushbackKind::StatusQuo, "Paper will do", vec![1], sure());
    pushback.handling = Handling::MadeWorse;
    let mut reading = Reading::default();
    reading.next_steps = vec![step, meeting];
    reading.pushback = vec![pushback];
    let json = serde_json::to_value(&reading).unwrap();
    assert_eq!(json["next_steps"][0]["owner"], "p1");
    assert_eq!(json["next_steps"][0]["due"], "2026-05-20");
    assert_eq!(json["next_steps"][0]["status"], "agreed");
    assert_eq!(json["next_steps"][1]["owner"], "both");
    assert_eq!(json["next_steps"][1]["due"], json!(null));
    assert_eq!(json["pushback"][0]["kind"], "status_quo");
    assert_eq!(json["pushback"][0]["handling"], "made_worse");
    assert_eq!(json["deal_health"], json!(null));
    let back: Reading = serde_json::from_value(json).unwrap();
    assert_eq!(back, reading);
    let mut cited: Vec<usize> = reading.cited().collect();
    cited.sort_unstable();
    assert_eq!(cited, [1, 3, 4, 9]);
}

#[test]
fn what_was_not_read_is_no_absence() {
    let mut reading = Reading::default();
    assert!(reading.was_read(Part::NextSteps));
    reading.failed = vec![NotRead::new(
        Part::NextSteps,
        "the answer was cut off",
        true,
    )];
    assert!(!reading.was_read(Part::NextSteps));
    assert!(reading.was_read(Part::Pushback));
    let nothing = Reading::failed_whole("no answer", true);
    assert!(Part::ALL.into_iter().all(|part| !nothing.was_read(part)));
}

#[test]
fn a_call_may_lack_all_but_its_words() {
    let call: CallToRead = serde_json::from_value(json!({
        "id": "c1", "started": "2026-05-12T14:30:00Z", "parties": [{"id": "p1", "side": "partner"}],
        "turns": [{"speaker": "p1", "sentences": ["Hello.", "Hi."]}, {"speaker": "p9", "sentences": []}],
    }))
    .unwrap();
    assert_eq!(call.parties[0].side, Side::Unknown);
    assert_eq!(
        call.sentences().map(|(_, said)| said).collect::<Vec<_>>(),
        ["Hello.", "Hi."]
    );
    assert!(!format!("{call:?} {:?}", call.turns).contains("Hello"));
}

#[test]
fn a_share_is_between_nothing_and_all() {
    for (given, kept) in [(-1.0, 0.0), (0.25, 0.25), (7.0, 1.0), (f64::NAN, 0.0)] {
        assert_eq!(Confidence::claimed(given).value, kept);
    }
}
