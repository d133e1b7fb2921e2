//! Vectors by AI_EMBED, or by EMBED_TEXT_768 and EMBED_TEXT_1024.

use async_trait::async_trait;
use resilience::ErrorKind;
use snowflake_sql::Bind;

use super::backend::CortexSql;
use super::input::Input;
use super::rows::settled;
use super::statements;
use crate::generative::{EmbedLimits, VectorModel};
use crate::{Error, Outcome, Result};

#[async_trait]
impl VectorModel for CortexSql {
    fn name(&self) -> &str {
        &self.config.embedding_model
    }

    fn limits(&self) -> EmbedLimits {
        EmbedLimits {
            characters: usize::MAX,
            dim: Some(self.config.embedding_dim),
        }
    }

    fn most_tokens(&self) -> Option<usize> {
        Some(self.config.embedding_tokens())
    }

    async fn embed_many(&self, texts: &[String]) -> Result<Vec<Outcome<Vec<f32>>>> {
        self.models.check_embedder().await?;
        let text = statements::embed(self.config.functions, self.config.embedding_dim);
        let binds = [Bind::text(&self.config.embedding_model)];
        let inputs: Vec<Input> = texts.iter().map(|text| Input::text(text)).collect();
        let replies = self.asker.batch().ask(&text, &binds, &inputs).await;
        let vector = |value| {
            serde_json::from_value(value)
                .map_err(|_| Error::new(ErrorKind::Decode, "the reply holds no vector"))
        };
        Ok(settled(text.name(), replies)
            .map_err(of_embedding)?
            .into_iter()
            .map(|value| value.map_err(of_embedding).and_then(vector))
            .collect())
    }
}

/// Which of the two models an error is about.
fn of_embedding(error: Error) -> Error {
    match error.field() {
        Some("model") => error.with_field("embedding_model"),
        _ => error,
    }
}
