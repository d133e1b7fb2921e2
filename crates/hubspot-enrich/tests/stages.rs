//! Stage ids become labels.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::{Deal, DealOutcome, PipelineId};
use hubspot_enrich::resolve_stage_labels;
use testkit::conformance::crm::CrmFixture;

fn deal(pipeline: Option<&str>, stage: Option<&str>) -> Deal {
    let mut deal = CrmFixture::new().deals.swap_remove(0);
    deal.pipeline_id = pipeline.map(PipelineId::from);
    deal.stage_id = stage.map(Into::into);
    deal
}

fn label(pipeline: Option<&str>, stage: &str) -> Option<String> {
    let mut deals = [deal(pipeline, Some(stage))];
    resolve_stage_labels(&mut deals, &CrmFixture::new().stages);
    deals[0].stage_label.take()
}

#[test]
fn the_pipeline_decides_what_a_stage_id_means() {
    assert_eq!(
        label(Some("default"), "closedwon").as_deref(),
        Some("Closed won")
    );
    assert_eq!(
        label(Some("renewals"), "closedwon").as_deref(),
        Some("Renewed")
    );
    assert_eq!(label(Some("renewals"), "contractsent"), None);
    assert_eq!(label(Some("partners"), "closedwon"), None);
}

#[test]
fn without_a_pipeline_only_an_unambiguous_stage_has_a_label() {
    assert_eq!(
        label(None, "contractsent").as_deref(),
        Some("Contract sent")
    );
    assert_eq!(label(None, "closedwon"), None);
    assert_eq!(label(None, "unheard-of"), None);
}

#[test]
fn what_the_deal_knows_itself_stays() {
    let mut deals = [
        deal(Some("default"), Some("gone")),
        deal(Some("default"), None),
        deal(Some("default"), Some("qualified")),
    ];
    deals[0].stage_label = Some("Legal review".to_owned());
    deals[2].probability = Some(0.25);
    deals[2].outcome = DealOutcome::Lost;
    resolve_stage_labels(&mut deals, &CrmFixture::new().stages);
    assert_eq!(deals[0].stage_label.as_deref(), Some("Legal review"));
    assert_eq!(deals[1].stage_label, None);
    assert_eq!(deals[2].stage_label.as_deref(), Some("Qualified"));
    assert_eq!(deals[2].probability, Some(0.25));
    assert_eq!(deals[2].outcome, DealOutcome::Lost);
}

#[test]
fn an_empty_catalogue_leaves_deals_as_they_are() {
    let mut deals = CrmFixture::new().deals;
    resolve_stage_labels(&mut deals, &[]);
    assert_eq!(deals, CrmFixture::new().deals);
}
