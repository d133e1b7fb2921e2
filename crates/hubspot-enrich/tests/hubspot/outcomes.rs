//! How deals ended, and what their stages are called.

use calls::{DealId, DealOutcome};
use hubspot_enrich::{CrmSource, resolve_stage_labels};
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::ObjectType;

use crate::hubspot::world::World;

fn deal_id(n: usize) -> DealId {
    CrmFixture::new().deals[n].id.clone()
}

#[tokio::test]
async fn an_unknown_stage_has_no_label_and_a_renamed_pipeline_no_effect() {
    let world = World::with_fixture().await;
    let state = world.state();
    let (won, open) = (deal_id(0), deal_id(2));
    state.remove_stage("default", "qualified").unwrap();
    state.rename_pipeline("default", "New business").unwrap();
    state
        .rename_stage("default", "closedwon", "Signed")
        .unwrap();
    let mut deals = world.api.deals(&[won, open]).await.unwrap().found;
    resolve_stage_labels(&mut deals, &world.api.stages().await.unwrap().stages);
    assert_eq!(deals[0].stage_label.as_deref(), Some("Signed"));
    assert_eq!(deals[0].outcome, DealOutcome::Won);
    assert_eq!(deals[1].stage_label, None);
    assert_eq!(deals[1].stage_id.as_ref().unwrap().as_str(), "qualified");
    assert_eq!(deals[1].outcome, DealOutcome::Open);
}

#[tokio::test]
async fn an_outcome_follows_the_flags_and_not_the_stages_name() {
    let world = World::with_fixture().await;
    let state = world.state();
    // Called won, probable as won, closed long ago, and yet open.
    let id = deal_id(0);
    for flag in ["hs_is_closed", "hs_is_closed_won"] {
        state
            .set_property(ObjectType::Deal, id.as_str(), flag, Some("false"))
            .unwrap();
    }
    let outcome = async || world.api.deals(&[deal_id(0)]).await.unwrap().found[0].outcome;
    assert_eq!(outcome().await, DealOutcome::Open);
    state
        .set_property(ObjectType::Deal, id.as_str(), "hs_is_closed", Some("TRUE"))
        .unwrap();
    assert_eq!(outcome().await, DealOutcome::Lost);
    state.change_stage(id.as_str(), "closedwon").unwrap();
    assert_eq!(outcome().await, DealOutcome::Won);
    // Closed, and nobody can read how.
    state
        .set_property(
            ObjectType::Deal,
            id.as_str(),
            "hs_is_closed_won",
            Some("ja"),
        )
        .unwrap();
    state
        .set_property(ObjectType::Deal, id.as_str(), "hs_is_closed_lost", None)
        .unwrap();
    assert_eq!(outcome().await, DealOutcome::Unknown);
}

#[tokio::test]
async fn a_flag_that_is_not_there_makes_no_deal_lost_or_open() {
    let world = World::with_fixture().await;
    let state = world.state();
    let won = deal_id(0);
    let set = |flag: &str, value: Option<&str>| {
        state
            .set_property(ObjectType::Deal, won.as_str(), flag, value)
            .unwrap();
    };
    for absent in [None, Some(""), Some(" ")] {
        set("hs_is_closed_won", absent);
        set("hs_is_closed_lost", absent);
        let batch = world.api.deals(std::slice::from_ref(&won)).await.unwrap();
        assert_eq!(batch.found[0].outcome, DealOutcome::Unknown, "{absent:?}");
        let noted: Vec<(&str, &str)> = batch
            .unreadable
            .iter()
            .map(|value| (&*value.property, &*value.raw))
            .collect();
        assert_eq!(noted, [("hs_is_closed_won", "")], "{absent:?}");
    }
    // The other flag is as good, and so is that it was not won.
    set("hs_is_closed_lost", Some("true"));
    let batch = world.api.deals(std::slice::from_ref(&won)).await.unwrap();
    assert_eq!(batch.found[0].outcome, DealOutcome::Lost);
    set("hs_is_closed_lost", None);
    set("hs_is_closed_won", Some("false"));
    let batch = world.api.deals(std::slice::from_ref(&won)).await.unwrap();
    assert_eq!(batch.found[0].outcome, DealOutcome::Lost);
    assert_eq!(batch.unreadable, []);
    // Not won, and nobody says whether it is closed.
    set("hs_is_closed", None);
    let batch = world.api.deals(std::slice::from_ref(&won)).await.unwrap();
    assert_eq!(batch.found[0].outcome, DealOutcome::Unknown);
    assert_eq!(batch.unreadable[0].property, "hs_is_closed");
}

#[tokio::test]
async fn stays_in_stages_are_read_once_the_stages_are_known() {
    let world = World::with_fixture().await;
    let state = world.state();
    let id = deal_id(0);
    for (property, value) in [
        ("hs_v2_date_entered_qualified", "2026-03-01T09:00:00Z"),
        ("hs_v2_date_exited_qualified", "2026-03-10T09:00:00.001Z"),
        ("hs_v2_date_entered_closedwon", "2026-03-10T09:00:00Z"),
        ("hs_v2_date_entered_contractsent", "soon"),
    ] {
        state
            .set_property(ObjectType::Deal, id.as_str(), property, Some(value))
            .unwrap();
    }
    let ids = std::slice::from_ref(&id);
    let before = world.api.deals(ids).await.unwrap();
    assert_eq!(before.found[0].stage_stays, [], "no stages are known yet");
    let stages = world.api.stages().await.unwrap().stages;
    let mut batch = world.api.deals(ids).await.unwrap();
    resolve_stage_labels(&mut batch.found, &stages);
    let deal = &batch.found[0];
    let at = |text: &str| text.parse().unwrap();
    let stage = |instant: &str| {
        let stay = deal.stay_at(at(instant))?;
        stay.stage_label.as_deref()
    };
    assert_eq!(stage("2026-03-01T08:59:59Z"), None);
    assert_eq!(stage("2026-03-01T09:00:00Z"), Some("Qualified"));
    assert_eq!(stage("2026-03-10T09:00:00Z"), Some("Closed won"));
    let noted = &batch.unreadable[0];
    assert_eq!(noted.property, "hs_v2_date_entered_contractsent");
    assert_eq!(noted.raw, "soon");
}
