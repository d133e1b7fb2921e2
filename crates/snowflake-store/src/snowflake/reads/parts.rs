//! The parts of a call's reply, named as in `call_detail`. Null means absent.

use calls::analytics::ConversationMetrics;
use calls::reading::Reading;
use calls::{CrmReference, GongFindings, StageStay, TrackerHit};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::Number;

use crate::CitedItem;

/// A whole number, also one that a VARIANT shows with a fraction of zeros, as Snowflake
/// does with what was once a FLOAT.
fn whole<'de, D: Deserializer<'de>, N: TryFrom<i64>>(deserializer: D) -> Result<N, D::Error> {
    let number = Number::deserialize(deserializer)?;
    let whole = number.as_i64().or_else(|| {
        // Beyond 2^53 a float holds no more single whole numbers.
        const MOST: f64 = 9_007_199_254_740_992.0;
        let float = number.as_f64()?;
        let is_whole = float.fract() == 0.0 && float.abs() <= MOST;
        #[allow(clippy::cast_possible_truncation)]
        is_whole.then_some(float as i64)
    });
    whole
        .and_then(|whole| N::try_from(whole).ok())
        .ok_or_else(|| D::Error::custom("is not a whole number"))
}

fn optional_whole<'de, D: Deserializer<'de>, N: TryFrom<i64>>(
    deserializer: D,
) -> Result<Option<N>, D::Error> {
    whole(deserializer).map(Some)
}

#[derive(Deserialize)]
pub(super) struct CallPart {
    pub(super) title: Option<String>,
    #[serde(deserialize_with = "whole")]
    pub(super) duration_seconds: u64,
    pub(super) direction: String,
    pub(super) media: String,
    pub(super) scope: String,
    pub(super) system: Option<String>,
    pub(super) language: Option<String>,
    pub(super) url: Option<String>,
    pub(super) workspace: Option<String>,
    pub(super) private: bool,
    pub(super) user: Option<String>,
    pub(super) deal: Option<String>,
    pub(super) crm: Vec<CrmReference>,
    pub(super) trackers: Vec<TrackerHit>,
    pub(super) brief: Option<String>,
    pub(super) findings: Option<GongFindings>,
    #[serde(default, deserialize_with = "optional_whole")]
    pub(super) sentences: Option<u64>,
    pub(super) transcript_sha: Option<String>,
    pub(super) metrics: Option<ConversationMetrics>,
    pub(super) score: Option<f64>,
    pub(super) label: Option<String>,
    pub(super) summary: Option<String>,
    #[serde(default)]
    pub(super) topics: Vec<String>,
    #[serde(default)]
    pub(super) notes: Vec<String>,
    #[serde(default)]
    pub(super) risks: Option<Vec<CitedItem>>,
    #[serde(default)]
    pub(super) next_steps: Option<Vec<CitedItem>>,
    pub(super) backend: Option<String>,
    pub(super) model: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) deal_stage_at_call: Option<String>,
    #[serde(deserialize_with = "whole")]
    pub(super) other_systems: u32,
}

#[derive(Deserialize)]
pub(super) struct SentencePart {
    pub(super) speaker: Option<String>,
    pub(super) topic: Option<String>,
    #[serde(deserialize_with = "whole")]
    pub(super) start: i64,
    #[serde(deserialize_with = "whole")]
    pub(super) end: i64,
    pub(super) text: String,
    pub(super) score: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct ParticipantPart {
    pub(super) id: Option<String>,
    pub(super) speaker: Option<String>,
    pub(super) user: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) title: Option<String>,
    pub(super) affiliation: String,
    pub(super) crm: Vec<CrmReference>,
}

#[derive(Deserialize)]
pub(super) struct TopicPart {
    pub(super) name: String,
    pub(super) seconds: f64,
}

#[derive(Deserialize)]
pub(super) struct DealPart {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) amount: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) pipeline: Option<String>,
    pub(super) stage: Option<String>,
    pub(super) stage_label: Option<String>,
    pub(super) probability: Option<f64>,
    pub(super) owner: Option<String>,
    pub(super) owner_name: Option<String>,
    pub(super) outcome: String,
    pub(super) contacts: Vec<String>,
    pub(super) companies: Vec<String>,
    pub(super) stage_stays: Vec<StageStay>,
}

#[derive(Deserialize)]
pub(super) struct CompanyPart {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) industry: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ContactPart {
    pub(super) id: String,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
    pub(super) title: Option<String>,
    pub(super) company: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ReadingPart {
    pub(super) sha: String,
    pub(super) backend: String,
    pub(super) model: String,
    #[serde(deserialize_with = "whole")]
    pub(super) requests: u32,
    pub(super) reading: Reading,
}
