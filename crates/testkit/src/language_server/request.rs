//! Requests as they arrived.

use serde_json::Value;

/// One request, whatever it was for.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    /// Path without the query.
    pub path: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The header `X-Snowflake-Authorization-Token-Type`.
    pub token_type: Option<String>,
    /// The body; `null` when it is not JSON.
    pub body: Value,
    /// Status of the answer.
    pub status: u16,
}

/// A request for a completion.
#[derive(Debug, Clone)]
pub struct ChatRequest {
    body: Value,
}

impl ChatRequest {
    pub(crate) fn new(body: Value) -> Self {
        Self { body }
    }

    /// The whole body.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// The model that is asked.
    pub fn model(&self) -> &str {
        self.body["model"].as_str().unwrap_or_default()
    }

    /// Text of the messages of a role, in order.
    pub fn messages_of(&self, role: &str) -> Vec<&str> {
        self.body["messages"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|message| message["role"] == role)
            .filter_map(|message| message["content"].as_str())
            .collect()
    }

    /// The first message of the user: the task and its data.
    pub fn task(&self) -> &str {
        self.messages_of("user")
            .first()
            .copied()
            .unwrap_or_default()
    }

    /// Whether an earlier answer is to be corrected.
    pub fn is_correction(&self) -> bool {
        self.messages_of("user").len() > 1
    }

    /// The schema of the answer, when one was sent.
    pub fn schema(&self) -> Option<&Value> {
        self.body.pointer("/response_format/json_schema/schema")
    }

    /// Whether the answer is to be an object with this property at its top.
    pub fn wants(&self, property: &str) -> bool {
        let properties = self.schema().and_then(|schema| schema.get("properties"));
        properties.is_some_and(|properties| properties.get(property).is_some())
    }

    /// The lines of data in the task: JSON objects between a line `<marker>` and a
    /// line `</marker>`. Only whole lines count as markers, and the first one opens.
    pub fn data(&self) -> Vec<Value> {
        let mut lines = self.task().lines();
        let marker = lines.find_map(|line| {
            let name = line.strip_prefix('<')?.strip_suffix('>')?;
            (!name.starts_with('/') && !name.contains(['<', '>', ' '])).then_some(name)
        });
        let Some(end) = marker.map(|name| format!("</{name}>")) else {
            return Vec::new();
        };
        lines
            .take_while(|line| *line != end)
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }
}
