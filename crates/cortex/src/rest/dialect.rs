//! The two shapes of endpoints.

/// Whose shape an endpoint has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Snowflake,
    OpenAi,
}

impl Dialect {
    pub(super) fn chat_path(self) -> &'static str {
        match self {
            Self::Snowflake => "/api/v2/cortex/v1/chat/completions",
            Self::OpenAi => "/chat/completions",
        }
    }

    pub(super) fn embed_path(self) -> &'static str {
        match self {
            Self::Snowflake => "/api/v2/cortex/inference:embed",
            Self::OpenAi => "/embeddings",
        }
    }
}
