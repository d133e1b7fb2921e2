//! Items as a model writes them: whatever is missing or of another type may cost an
//! item, never its neighbours.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Step {
    pub(super) what: String,
    #[serde(default)]
    pub(super) owner: Option<String>,
    #[serde(default)]
    pub(super) due: Option<String>,
    #[serde(default)]
    pub(super) due_said: Option<String>,
    pub(super) status: String,
    #[serde(deserialize_with = "numbers")]
    pub(super) sentences: Vec<usize>,
}

#[derive(Deserialize)]
pub(super) struct Obstacle {
    pub(super) kind: String,
    pub(super) what: String,
    #[serde(default)]
    pub(super) severity: Option<i64>,
    #[serde(default)]
    pub(super) explicit: Option<bool>,
    #[serde(deserialize_with = "numbers")]
    pub(super) sentences: Vec<usize>,
    pub(super) handling: String,
    #[serde(default, deserialize_with = "numbers")]
    pub(super) handling_sentences: Vec<usize>,
}

#[derive(Deserialize)]
pub(super) struct Rival {
    pub(super) name: String,
    #[serde(default)]
    pub(super) said: Vec<String>,
    pub(super) stance: String,
    #[serde(deserialize_with = "numbers")]
    pub(super) sentences: Vec<usize>,
}

#[derive(Deserialize)]
pub(super) struct Said {
    pub(super) what: String,
    #[serde(default)]
    pub(super) impact: Option<String>,
    #[serde(default, deserialize_with = "numbers")]
    pub(super) sentences: Vec<usize>,
}

#[derive(Deserialize)]
pub(super) struct Element {
    pub(super) state: String,
    #[serde(default)]
    pub(super) what: Vec<String>,
    #[serde(default, deserialize_with = "numbers")]
    pub(super) sentences: Vec<usize>,
}

#[derive(Deserialize)]
pub(super) struct Happened {
    pub(super) kind: String,
    pub(super) what: String,
    #[serde(default)]
    pub(super) better: Option<String>,
    #[serde(deserialize_with = "numbers")]
    pub(super) sentences: Vec<usize>,
}

/// Numbers of sentences; what is none is left out.
fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<usize>, D::Error> {
    let values = Vec::<Value>::deserialize(deserializer)?;
    let number = |value: &Value| match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok()),
    };
    Ok(values.iter().filter_map(number).collect())
}
