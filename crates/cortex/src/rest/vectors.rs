//! Embeddings: what is sent, and what comes back.

use serde::Deserialize;
use serde_json::{Value, json};

use super::chat::{Failed, Tokens};
use super::dialect::Dialect;
use super::refusal::Refusal;

/// The body of a request.
pub(super) fn body(dialect: Dialect, model: &str, texts: &[String]) -> Value {
    match dialect {
        Dialect::Snowflake => json!({"model": model, "text": texts}),
        Dialect::OpenAi => json!({"model": model, "input": texts, "encoding_format": "float"}),
    }
}

/// The vectors of one request, each in its text's place.
#[derive(Debug)]
pub(super) struct EmbeddingReply {
    pub(super) vectors: Vec<Option<Vec<f32>>>,
    pub(super) tokens: Option<Tokens>,
}

#[derive(Deserialize)]
struct Reply {
    data: Vec<Item>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    index: Option<usize>,
    #[serde(default)]
    embedding: Option<Components>,
}

/// Snowflake puts each vector into a list of its own, OpenAI does not.
#[derive(Deserialize)]
#[serde(untagged)]
enum Components {
    Flat(Vec<f32>),
    Nested(Vec<Vec<f32>>),
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: Option<u64>,
    #[serde(default)]
    total_tokens: Option<u64>,
}

impl EmbeddingReply {
    /// Reads a reply for so many texts.
    pub(super) fn read(body: &[u8], texts: usize) -> Result<Self, Failed> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|_| Failed::Unreadable("the reply is not JSON"))?;
        if let Some(refusal) = Refusal::inside_success(&body) {
            return Err(Failed::Refused(Box::new(refusal)));
        }
        let reply: Reply = serde_json::from_value(body)
            .map_err(|_| Failed::Unreadable("the reply holds no vectors"))?;
        let mut vectors: Vec<Option<Vec<f32>>> = vec![None; texts];
        for (at, item) in reply.data.into_iter().enumerate() {
            let vector = item.embedding.and_then(|components| match components {
                Components::Flat(vector) => Some(vector),
                Components::Nested(vectors) => vectors.into_iter().next(),
            });
            let place = vectors.get_mut(item.index.unwrap_or(at));
            match place {
                Some(place) => *place = vector.filter(|vector| !vector.is_empty()),
                None => return Err(Failed::Unreadable("the reply holds too many vectors")),
            }
        }
        let tokens = reply
            .usage
            .and_then(|usage| usage.prompt_tokens.or(usage.total_tokens))
            .map(|input| Tokens { input, output: 0 });
        Ok(Self { vectors, tokens })
    }
}
