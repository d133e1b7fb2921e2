//! Vectors by AI_EMBED, or by EMBED_TEXT_768 and EMBED_TEXT_1024.

use async_trait::async_trait;
use resilience::ErrorKind;
use snowflake_sql::Bind;

use super::backend::CortexSql;
use super::rows::OnRaise;
use super::statements;
use crate::generative::{EmbedLimits, VectorModel};
use crate::{Error, Outcome, Result};

/// Embedding models read 512 tokens; a token has three characters at least by this
/// crate's cautious estimate.
const MOST_CHARACTERS: usize = 1_536;

#[async_trait]
impl VectorModel for CortexSql {
    fn name(&self) -> &str {
        &self.config.embedding_model
    }

    fn limits(&self) -> EmbedLimits {
        EmbedLimits {
            characters: MOST_CHARACTERS,
            dim: Some(self.config.embedding_dim),
        }
    }

    async fn embed_many(&self, texts: &[String]) -> Result<Vec<Outcome<Vec<f32>>>> {
        let text = statements::embed(self.config.functions, self.config.embedding_dim);
        let binds = [Bind::text(&self.config.embedding_model)];
        let values = self
            .asker
            .ask(&text, &binds, texts, OnRaise::Halve)
            .await
            .map_err(|error| match error.field() {
                Some("model") => error.with_field("embedding_model"),
                _ => error,
            })?;
        let vector = |value| {
            serde_json::from_value(value)
                .map_err(|_| Error::new(ErrorKind::Decode, "the reply holds no vector"))
        };
        Ok(values
            .into_iter()
            .map(|value| value.and_then(vector))
            .collect())
    }
}
