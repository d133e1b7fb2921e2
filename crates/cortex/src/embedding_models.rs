//! Snowflake's embedding models: the dimension of their vectors and their input limits.

/// One of Snowflake's embedding models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EmbeddingModel {
    /// As functions and endpoints take it.
    pub(crate) name: &'static str,
    /// Components of a vector.
    pub(crate) dim: usize,
    /// Most tokens of a text.
    pub(crate) tokens: usize,
}

const fn model(name: &'static str, dim: usize, tokens: usize) -> EmbeddingModel {
    EmbeddingModel { name, dim, tokens }
}

/// Snowflake's documentation: "Vector embeddings", and the table of models of the page
/// on regional availability, both as of November 2026.
const MODELS: [EmbeddingModel; 8] = [
    model("snowflake-arctic-embed-m", 768, 512),
    model("snowflake-arctic-embed-m-v1.5", 768, 512),
    model("e5-base-v2", 768, 512),
    model("snowflake-arctic-embed-l-v2.0", 1024, 512),
    model("snowflake-arctic-embed-l-v2.0-8k", 1024, 8_000),
    model("voyage-multilingual-2", 1024, 32_000),
    model("nv-embed-qa-4", 1024, 512),
    model("multilingual-e5-large", 1024, 512),
];

/// What a model that is not known reads at least.
pub(crate) const FEWEST_TOKENS: usize = 512;

/// The model of a name, in any case.
pub(crate) fn embedding_model(name: &str) -> Option<&'static EmbeddingModel> {
    MODELS
        .iter()
        .find(|model| model.name.eq_ignore_ascii_case(name))
}
