//! Deal pipelines and their stages.

use calls::Stage;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::wire::with_milliseconds;

/// When every pipeline is said to have been created: 2024-01-01T00:00:00Z.
const CREATED: Timestamp = Timestamp::constant(1_704_067_200, 0);

#[derive(Debug, Clone)]
pub(super) struct Pipeline {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) stages: Vec<PipelineStage>,
}

#[derive(Debug, Clone)]
pub(super) struct PipelineStage {
    pub(super) id: String,
    pub(super) label: String,
    probability: Option<f64>,
    display_order: u32,
}

impl Pipeline {
    /// HubSpot calls the first pipeline of a portal `Sales Pipeline`.
    pub(super) fn new(id: &str) -> Self {
        let label = match id {
            "default" => "Sales Pipeline",
            other => other,
        };
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            stages: Vec::new(),
        }
    }

    /// `position` is its place among the pipelines.
    pub(super) fn wire(&self, position: usize) -> Value {
        let stages: Vec<Value> = self.stages.iter().map(PipelineStage::wire).collect();
        json!({
            "id": self.id,
            "label": self.label,
            "displayOrder": position,
            "archived": false,
            "createdAt": with_milliseconds(CREATED),
            "updatedAt": with_milliseconds(CREATED),
            "stages": stages,
        })
    }
}

impl PipelineStage {
    pub(super) fn new(stage: &Stage) -> Self {
        Self {
            id: stage.id.as_str().to_owned(),
            label: stage.label.clone(),
            probability: stage.probability,
            display_order: stage.display_order,
        }
    }

    pub(super) fn probability(&self) -> Option<f64> {
        self.probability
    }

    /// Won at probability 1, lost at 0.
    pub(super) fn is_won(&self) -> bool {
        self.probability == Some(1.0)
    }

    pub(super) fn is_lost(&self) -> bool {
        self.probability == Some(0.0)
    }

    fn wire(&self) -> Value {
        let mut metadata = Map::new();
        if let Some(probability) = self.probability {
            let is_closed = self.is_won() || self.is_lost();
            metadata.insert("isClosed".to_owned(), is_closed.to_string().into());
            metadata.insert("probability".to_owned(), format!("{probability:?}").into());
        }
        json!({
            "id": self.id,
            "label": self.label,
            "displayOrder": self.display_order,
            "archived": false,
            "createdAt": with_milliseconds(CREATED),
            "updatedAt": with_milliseconds(CREATED),
            "metadata": metadata,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        })
    }
}
