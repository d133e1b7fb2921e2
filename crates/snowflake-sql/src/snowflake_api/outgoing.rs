//! A statement and its values as the session protocol takes them.

use resilience::ErrorKind;
use serde_json::{Map, Value, json};

use crate::{Bind, Error, Result, Statement};

/// A statement on its way to Snowflake.
pub(super) struct Outgoing {
    /// What `snowflake-api` is given, and logs, in place of the text.
    pub(super) stand_in: String,
    text: String,
    /// `{"1": {"type", "value"}, …}`, as gosnowflake sends them.
    bindings: Map<String, Value>,
}

impl Outgoing {
    /// # Errors
    /// `InvalidInput` naming the place of a number that is not finite.
    pub(super) fn of(statement: &Statement) -> Result<Self> {
        let mut bindings = Map::new();
        for (place, bind) in statement.binds().iter().enumerate() {
            let number = (place + 1).to_string();
            let Some((wire_type, value)) = binding(bind) else {
                return Err(
                    Error::new(ErrorKind::InvalidInput, "is not a finite number")
                        .with_field(format!("bind {number}")),
                );
            };
            bindings.insert(number, json!({"type": wire_type, "value": value}));
        }
        Ok(Self {
            stand_in: format!("statement {}", statement.name()),
            text: statement.text().as_str().to_owned(),
            bindings,
        })
    }

    /// The request of `snowflake-api`, with the text and the values in it; `None` when
    /// it is not the request of this statement.
    pub(super) fn complete(self, request: &[u8]) -> Option<Vec<u8>> {
        let mut body: Map<String, Value> = serde_json::from_slice(request).ok()?;
        let text = body.get_mut("sqlText")?;
        if text.as_str() != Some(&self.stand_in) {
            return None;
        }
        *text = Value::from(self.text);
        if !self.bindings.is_empty() {
            body.insert("bindings".to_owned(), Value::from(self.bindings));
        }
        serde_json::to_vec(&body).ok()
    }
}

/// Type and value; all values are text on the wire.
fn binding(bind: &Bind) -> Option<(&'static str, Option<String>)> {
    Some(match bind {
        // Snowflake converts TEXT to whatever the place wants, and so its NULL.
        Bind::Null => ("TEXT", None),
        Bind::Text(text) => ("TEXT", Some(text.clone())),
        Bind::Integer(number) => ("FIXED", Some(number.to_string())),
        Bind::Float(number) if !number.is_finite() => return None,
        Bind::Float(number) => ("REAL", Some(number.to_string())),
        Bind::Decimal(number) => ("FIXED", Some(number.to_string())),
        Bind::Boolean(yes) => ("BOOLEAN", Some(yes.to_string())),
        Bind::Timestamp(instant) => ("TIMESTAMP_LTZ", Some(instant.as_nanosecond().to_string())),
    })
}
