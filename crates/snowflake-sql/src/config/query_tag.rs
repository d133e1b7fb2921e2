//! What makes a statement's cost attributable.

use std::fmt;

use serde::Serialize;

/// Snowflake's limit for a query tag, in characters.
const LONGEST: usize = 2_000;

/// Who sends statements and what for, as JSON in `QUERY_TAG`:
/// `{"app":"gong-snowflake","run":"…","step":"ingest"}`.
///
/// It stands in `QUERY_HISTORY` and in `CORTEX_AI_FUNCTIONS_USAGE_HISTORY` beside the
/// credits. It is set at login, so a pool has one tag. Put no personal data in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryTag {
    app: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
}

impl QueryTag {
    /// The tag of a program.
    pub fn new(app: impl Into<String>) -> Self {
        Self {
            app: app.into(),
            run: None,
            step: None,
        }
    }
}

resilience::setters! {
    QueryTag {
        /// Which run of it, such as a correlation id.
        with_run(run: impl Into<String>) = Some(run.into());
        /// Which step of a run, such as `ingest`.
        with_step(step: impl Into<String>) = Some(step.into());
    }
}

impl fmt::Display for QueryTag {
    /// The JSON; one that is longer than Snowflake takes is left out but for the start
    /// of the program's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self).unwrap_or_default();
        if json.chars().count() <= LONGEST {
            return f.write_str(&json);
        }
        let app: String = self.app.chars().take(LONGEST / 20).collect();
        let short = serde_json::to_string(&Self::new(app)).unwrap_or_default();
        f.write_str(&short)
    }
}
