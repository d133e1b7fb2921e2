//! What stage ids mean.

use std::collections::HashMap;

use calls::{Deal, PipelineId, Stage, StageId};
use jiff::Timestamp;

/// Every stage of every deal pipeline, and how old that is.
///
/// Pipelines are known by their ids. What people call a pipeline is not read: a stage's
/// label says what analyses show, and renaming a pipeline changes nothing here.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StageCatalogue {
    /// By pipeline and then by [`Stage::display_order`].
    pub stages: Vec<Stage>,
    /// When they were read, as [`Batch::read_at`](crate::Batch::read_at).
    pub read_at: Timestamp,
    /// A time at which the CRM had them, as [`Batch::as_of`](crate::Batch::as_of).
    pub as_of: Timestamp,
    /// Stages whose dates nobody can ask for: properties are named after a stage's id, and for
    /// ids with capitals, hyphens or blanks HubSpot does not document how. Deals have no
    /// [`stage_stays`](calls::Deal::stage_stays) in them.
    pub undated: Vec<StageId>,
}

impl StageCatalogue {
    /// Stages in any order, read from the CRM itself.
    pub fn new(mut stages: Vec<Stage>, read_at: Timestamp) -> Self {
        sort(&mut stages);
        Self {
            stages,
            read_at,
            as_of: read_at,
            undated: Vec::new(),
        }
    }
}

/// Gives deals the labels of their stages, those they were in among them, and the chance
/// to be won where a deal has none of its own.
///
/// A stage is known by its pipeline and its id together. A deal without a pipeline
/// gets a label only when all pipelines that have such a stage id call it the same.
/// A stage that the catalogue lacks (renamed away, deleted, of a pipeline that may
/// not be read) is not an error: the deal keeps the label it came with, mostly `None`.
/// [`Deal::outcome`] is left alone, for it comes from the CRM's own flags.
///
/// ```
/// use calls::{Deal, Stage};
///
/// let open_deal = |stage: &str| {
///     let mut deal = Deal::new("1");
///     deal.pipeline_id = Some("default".into());
///     deal.stage_id = Some(stage.into());
///     deal
/// };
/// let stages = [Stage {
///     pipeline_id: "default".into(),
///     id: "presentationscheduled".into(),
///     label: "Demo booked".into(),
///     probability: Some(0.6),
///     display_order: 2,
/// }];
/// let mut deals = [open_deal("presentationscheduled"), open_deal("128734551")];
/// hubspot_enrich::resolve_stage_labels(&mut deals, &stages);
/// assert_eq!(deals[0].stage_label.as_deref(), Some("Demo booked"));
/// assert_eq!(deals[0].probability, Some(0.6));
/// assert_eq!(deals[1].stage_label, None);
/// ```
pub fn resolve_stage_labels(deals: &mut [Deal], stages: &[Stage]) {
    let catalogue = Catalogue::of(stages);
    for deal in deals {
        for stay in &mut deal.stage_stays {
            // A deal may have been in another pipeline then.
            let stage = catalogue
                .stage(deal.pipeline_id.as_ref(), &stay.stage_id)
                .or_else(|| catalogue.stage(None, &stay.stage_id));
            if let Some(stage) = stage {
                stay.stage_label = Some(stage.label.clone());
            }
        }
        let Some(stage_id) = &deal.stage_id else {
            continue;
        };
        let Some(stage) = catalogue.stage(deal.pipeline_id.as_ref(), stage_id) else {
            continue;
        };
        deal.stage_label = Some(stage.label.clone());
        deal.probability = deal.probability.or(stage.probability);
    }
}

/// In the order that the contract of [`CrmSource`](crate::CrmSource) wants.
fn sort(stages: &mut [Stage]) {
    stages.sort_by(|a, b| {
        let place = |stage: &Stage| stage.display_order;
        a.pipeline_id
            .cmp(&b.pipeline_id)
            .then_with(|| place(a).cmp(&place(b)))
            .then_with(|| a.id.cmp(&b.id))
    });
}

struct Catalogue<'a> {
    by_pipeline: HashMap<(&'a PipelineId, &'a StageId), &'a Stage>,
    /// `None` where pipelines disagree about the label.
    by_stage: HashMap<&'a StageId, Option<&'a Stage>>,
}

impl<'a> Catalogue<'a> {
    fn of(stages: &'a [Stage]) -> Self {
        let mut by_stage: HashMap<&StageId, Option<&Stage>> = HashMap::new();
        for stage in stages {
            by_stage
                .entry(&stage.id)
                .and_modify(|known| *known = known.filter(|known| known.label == stage.label))
                .or_insert(Some(stage));
        }
        Self {
            by_pipeline: stages
                .iter()
                .map(|stage| ((&stage.pipeline_id, &stage.id), stage))
                .collect(),
            by_stage,
        }
    }

    fn stage(&self, pipeline: Option<&PipelineId>, stage: &StageId) -> Option<&'a Stage> {
        match pipeline {
            Some(pipeline) => self.by_pipeline.get(&(pipeline, stage)).copied(),
            None => self.by_stage.get(stage).copied().flatten(),
        }
    }
}
