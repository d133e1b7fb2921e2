//! The two shapes of endpoints.

/// Whose endpoint it is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Snowflake Cortex's REST API.
    Snowflake,
    /// OpenAI's, with addresses under `/v1`.
    OpenAi,
}

impl Shape {
    pub(super) fn chat_path(self) -> &'static str {
        match self {
            Self::Snowflake => "/api/v2/cortex/v1/chat/completions",
            Self::OpenAi => "/v1/chat/completions",
        }
    }

    pub(super) fn embed_path(self) -> &'static str {
        match self {
            Self::Snowflake => "/api/v2/cortex/inference:embed",
            Self::OpenAi => "/v1/embeddings",
        }
    }
}
