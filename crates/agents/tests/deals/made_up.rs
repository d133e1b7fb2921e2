//! A deal of this project's own, read as written here.

use std::sync::Arc;

use agents::insights::InsightBuilder;
use agents::{DealAgent, DealOverview, ErrorCode, StakeholderStance};
use calls::CallId;
use calls::reading::{
    Claim, Competitor, Confidence, Fact, Handling, KnownState, NextStep, Owner, Pushback,
    PushbackKind, Reading, StepStatus,
};
use cortex::LocalLanguage;
use serde_json::{Value, json};
use snowflake_store::SqliteStore;
use testkit::SimulatedCall;

use crate::deals::support;
use crate::deals::world::{call_about_haulage, keep_reading, state_of};

const NORA: &str = "nora";
const TOM: &str = "tom";
const INES: &str = "ines";

/// A call with all who speak in it.
fn call(id: &str, day: &str, said: &[(&str, &str)]) -> SimulatedCall {
    let people = [
        (NORA, "Nora Falk", "nora@seller.example", "Internal"),
        (TOM, "Tom Brandt", "tom@haulage.example", "External"),
        (INES, "Ines Moreau", "ines@haulage.example", "External"),
    ];
    let present = people
        .iter()
        .filter(|(voice, ..)| said.iter().any(|(who, _)| who == voice));
    let parties: Vec<Value> = present
        .map(|(voice, name, email, affiliation)| {
            json!({"id": format!("{id}-{voice}"), "speakerId": voice, "name": name,
                "userId": if *voice == NORA { json!("500") } else { Value::Null },
                "emailAddress": email, "affiliation": affiliation})
        })
        .collect();
    call_about_haulage(id, day, parties, said)
}

fn step(call: &str, who: Option<&str>, due: Option<&str>, what: &str, at: &[usize]) -> NextStep {
    let mut step = NextStep::new(what, at.to_vec(), sure());
    step.owner = Some(match who {
        None => Owner::Both,
        Some(who) => Owner::Party(format!("{call}-{who}").as_str().into()),
    });
    step.due = due.map(|due| due.parse().unwrap());
    step.status = StepStatus::Agreed;
    step
}

fn sure() -> Confidence {
    Confidence::measured(0.9, "this test")
}

fn price(handling: Handling, at: usize) -> Pushback {
    let mut price = Pushback::new(PushbackKind::Price, "dear", vec![at], sure());
    price.handling = handling;
    price
}

async fn world() -> (Arc<SqliteStore>, DealAgent) {
    let calls = [
        call(
            "1",
            "2026-05-04",
            &[
                (NORA, "Thanks for having me, how was the depot move?"),
                (TOM, "Loud, but we are in."),
                (NORA, "I'll send the security questionnaire by Friday."),
                (
                    TOM,
                    "Good, and you get the shipment export from me on Wednesday.",
                ),
                (TOM, "It costs a lot for a spreadsheet with wheels."),
                (NORA, "Shall we talk again on the twelfth?"),
                (TOM, "Works, and I'll bring Ines from purchasing along."),
                (
                    NORA,
                    "I'll find out whether the pallet scanner copes offline.",
                ),
                (TOM, "The route map looks great, I have to say."),
            ],
        ),
        call(
            "2",
            "2026-05-12",
            &[
                (NORA, "Hello both."),
                (INES, "Hello Nora, nice to meet you."),
                (INES, "I look after purchasing for the depots."),
                (
                    NORA,
                    "The shipment export came through on Wednesday, Tom, thanks for that.",
                ),
                (
                    TOM,
                    "We still haven't received the security questionnaire, by the way.",
                ),
                (NORA, "Oh no, I am chasing our people."),
                (NORA, "You'll have the revised quote by Thursday."),
                (
                    INES,
                    "I'll put the contract before our lawyers by the twenty second.",
                ),
                (TOM, "Fine by me."),
            ],
        ),
        call(
            "3",
            "2026-05-26",
            &[
                (NORA, "Good morning."),
                (INES, "The revised quote only came this morning."),
                (INES, "It is still too much for what it does."),
                (NORA, "Let me see what I can do."),
                (TOM, "We shall see."),
            ],
        ),
    ];
    let store = support::store_of_calls(&calls).await;
    let builder = InsightBuilder::new(Arc::new(LocalLanguage::new()));
    let mut first = Reading::default();
    first.next_steps = vec![
        step(
            "1",
            Some(NORA),
            Some("2026-05-08"),
            "Nora sends the security questionnaire",
            &[2],
        ),
        step(
            "1",
            Some(TOM),
            Some("2026-05-06"),
            "Tom sends the shipment export",
            &[3],
        ),
        step("1", None, Some("2026-05-12"), "They talk again", &[5, 6]),
        step("1", Some(TOM), None, "Tom brings Ines", &[6]),
        step(
            "1",
            Some(NORA),
            None,
            "Nora asks about the pallet scanner",
            &[7],
        ),
    ];
    first.pushback = vec![price(Handling::Ignored, 4)];
    first.praise = vec![Fact::new("The route map looks great", vec![8], sure())];
    // Ines is not there yet: a reader may take her for a rival.
    first.competitors = vec![
        Competitor::new("Ines", vec![6], sure()),
        Competitor::new("Palletron", vec![4], sure()),
    ];
    first.deal_health = Some(70);
    first.qualification.pain.state = KnownState::Known;
    first.qualification.pain.sentences = vec![4];
    let mut second = Reading::default();
    second.next_steps = vec![
        step(
            "2",
            Some(NORA),
            Some("2026-05-14"),
            "Nora sends the revised quote",
            &[6],
        ),
        step(
            "2",
            Some(INES),
            Some("2026-05-22"),
            "Ines has the contract checked by lawyers",
            &[7],
        ),
    ];
    second.deal_health = Some(60);
    let mut third = Reading::default();
    third.pushback = vec![price(Handling::Addressed, 2)];
    third.deal_health = Some(50);
    third.deal_health_why = vec![Claim::new("the price stands in the way", vec![2])];
    for (id, reading) in [("1", first), ("2", second), ("3", third)] {
        keep_reading(&store, &builder, &CallId::new(id), reading).await;
    }
    let agent = DealAgent::new(Arc::clone(&store) as _, builder);
    (store, agent)
}

async fn on(agent: &DealAgent, day: &str) -> DealOverview {
    agent
        .overview(&"9001".into(), day.parse().unwrap())
        .await
        .unwrap()
}

fn states<'a>(deal: &DealOverview, whats: &[&'a str]) -> Vec<(&'a str, String, bool)> {
    let state = |what: &&'a str| {
        let (state, is_late) = state_of(deal, what);
        (*what, state, is_late)
    };
    whats.iter().map(state).collect()
}

#[tokio::test]
async fn who_takes_part_in_a_later_call_is_no_competitor() {
    let (_store, agent) = world().await;
    let deal = on(&agent, "2026-06-01").await;
    let names: Vec<&str> = deal
        .competitors
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["Palletron"]);
}

#[tokio::test]
async fn steps_are_held_against_later_calls_and_the_day() {
    let (store, agent) = world().await;
    let all = [
        "questionnaire",
        "export",
        "talk again",
        "brings Ines",
        "scanner",
        "quote",
        "lawyers",
    ];
    let told = |state: [&str; 7]| -> Vec<(&str, String, bool)> {
        let states = all.iter().zip(state);
        states
            .map(|(what, state)| {
                (
                    *what,
                    state.trim_end_matches('!').to_owned(),
                    state.ends_with('!'),
                )
            })
            .collect()
    };
    let deal = on(&agent, "2026-06-01").await;
    let expected = [
        "broken", "kept", "kept", "kept", "open", "broken!", "overdue",
    ];
    assert_eq!(states(&deal, &all), told(expected));
    // On the day of the second call nothing is known of the third.
    let earlier = on(&agent, "2026-05-12").await;
    let expected = ["broken", "kept", "kept", "kept", "open", "open", "open"];
    assert_eq!(states(&earlier, &all), told(expected));
    assert_eq!(earlier.calls.len(), 2);
    // After the first one, what has its day behind it is overdue.
    let first = on(&agent, "2026-05-07").await;
    let expected = ["open", "overdue", "open", "open", "open", "", ""];
    assert_eq!(states(&first, &all[..5]), told(expected)[..5]);
    let json = serde_json::to_value(&deal).unwrap();
    assert!(support::check_evidence(&store, &json).await > 10);
}

/// Who came is shown by what they said, and not by a greeting.
#[tokio::test]
async fn attendance_is_not_shown_by_a_greeting() {
    let (_store, agent) = world().await;
    let deal = on(&agent, "2026-06-01").await;
    let shown = |what: &str| {
        let step = deal.steps.iter().find(|step| step.what.contains(what));
        let outcome = step.and_then(|step| step.outcome.as_ref()).unwrap();
        outcome.evidence()[0].clone()
    };
    let (meeting, ines) = (shown("talk again"), shown("brings Ines"));
    for greeting in ["Hello both.", "Hello Nora, nice to meet you."] {
        assert!(![meeting.text(), ines.text()].contains(&greeting));
    }
    assert_eq!(ines.speaker(), Some("Ines Moreau"));
}

#[tokio::test]
async fn a_deal_is_told_over_its_calls() {
    let (_store, agent) = world().await;
    let deal = on(&agent, "2026-06-01").await;
    let [price] = &deal.pushback[..] else {
        panic!("{:?}", deal.pushback)
    };
    assert!(price.came_back && price.is_open);
    assert_eq!(price.raised.len(), 2);
    let who: Vec<_> = deal
        .stakeholders
        .iter()
        .map(|one| (one.name.as_str(), one.stance))
        .collect();
    assert_eq!(
        who,
        [
            ("Ines Moreau", StakeholderStance::Against),
            ("Tom Brandt", StakeholderStance::Mixed)
        ]
    );
    // What lowers the health is said, and what the calls were led like is another figure.
    assert_eq!(deal.health.read, Some(50));
    let moved: i32 = deal.health.reasons.iter().map(|reason| reason.points).sum();
    assert_eq!(deal.health.score, Some((50 + moved).try_into().unwrap()));
    assert!(moved < -10, "{:?}", deal.health.reasons);
    assert_eq!(deal.rep_skill.calls, 3);
    let changed: Vec<&str> = deal.changes.iter().map(|claim| claim.kind()).collect();
    assert!(
        changed.contains(&"health") && changed.contains(&"broken"),
        "{changed:?}"
    );
    assert_eq!(deal.gaps.len(), 7, "all but the pain");
    assert_eq!(deal.deal.unwrap().name.as_deref(), Some("Haulage 2026"));
}

/// What is counted is not shown by whatever was said last.
#[tokio::test]
async fn a_reason_cites_what_shows_it_or_nothing() {
    let (_store, agent) = world().await;
    let deal = on(&agent, "2026-07-15").await;
    let json = serde_json::to_value(&deal.health).unwrap();
    let reason = |kind: &str| {
        let mut reasons = json["reasons"].as_array().unwrap().iter();
        let found = reasons.find(|reason| reason["kind"] == kind);
        found.unwrap_or_else(|| panic!("no {kind} in {json}"))
    };
    let silent = reason("silent");
    assert_eq!(silent["claim"], Value::Null, "{silent}");
    assert_eq!(silent["figure"]["unit"], "days");
    // A step that is open and has no day shows that nothing with a date lies ahead.
    let ahead = &reason("nothing_ahead")["claim"];
    let cited = ahead["evidence"].as_array().unwrap();
    assert!(!cited.is_empty(), "{ahead}");
    assert!(
        cited
            .iter()
            .all(|one| one["text"].to_string().contains("scanner")),
        "{ahead}"
    );
}

#[tokio::test]
async fn an_account_is_told_in_order_with_what_is_still_open() {
    let (store, agent) = world().await;
    let today = "2026-06-01".parse().unwrap();
    let account = agent.timeline("Haulage.example", today).await.unwrap();
    let calls: Vec<&str> = account
        .calls
        .iter()
        .map(|call| call.facts.call_id.as_str())
        .collect();
    assert_eq!(calls, ["1", "2", "3"]);
    assert_eq!((account.deals.len(), account.deals[0].calls), (1, 3));
    let open: Vec<&str> = account
        .open_steps
        .iter()
        .map(|step| step.what.as_str())
        .collect();
    assert_eq!(open.len(), 2, "{open:?}");
    assert_eq!(account.people.len(), 2);
    let json = serde_json::to_value(&account).unwrap();
    assert!(support::check_evidence(&store, &json).await > 1);
    let nobody = agent.timeline("nobody.example", today).await.unwrap_err();
    assert_eq!(nobody.code(), ErrorCode::AccountNotFound);
    let none = agent.overview(&"9002".into(), today).await.unwrap_err();
    assert_eq!(
        (none.code(), none.field()),
        (ErrorCode::DealNotFound, Some("deal_id"))
    );
}
