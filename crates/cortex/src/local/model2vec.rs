//! Vectors of model2vec files that the user brings.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use model2vec_rs::model::StaticModel;
use resilience::ErrorKind;
use sha2::{Digest, Sha256};

use super::text_encoder::TextEncoder;
use crate::{Error, Result};

/// Bytes of the weights' hash that are part of the model's name.
const HASH_BYTES: usize = 6;

/// Static word vectors in the format of model2vec (`minishlab/potion-base-8M` and its
/// like), read from a folder. Nothing is downloaded.
/// For callers that bring such a file.
///
/// The model's name holds the folder's name and a hash of the weights, so vectors of
/// two files are never compared.
pub struct Model2Vec {
    model: StaticModel,
    name: String,
}

impl std::fmt::Debug for Model2Vec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model2Vec")
            .field("name", &self.name)
            .field("dim", &self.model.dim())
            .finish_non_exhaustive()
    }
}

impl Model2Vec {
    /// Reads `tokenizer.json`, `model.safetensors` and `config.json`.
    ///
    /// # Errors
    /// `InvalidInput` on the name of a file that cannot be read, or on `model` when
    /// the three do not make a model.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = folder.as_ref();
        let read = |file: &'static str| {
            fs::read(folder.join(file)).map_err(|error| {
                let message = format!("cannot read {file}");
                Error::new(ErrorKind::InvalidInput, message)
                    .with_field(file)
                    .with_source(error)
            })
        };
        let tokenizer = read("tokenizer.json")?;
        let weights = read("model.safetensors")?;
        let config = read("config.json")?;
        let model =
            StaticModel::from_bytes(tokenizer, &weights, config, Some(true)).map_err(|error| {
                let message = format!("the files are no model2vec model: {error}");
                Error::new(ErrorKind::InvalidInput, message).with_field("model")
            })?;
        let folder = folder.file_name().unwrap_or_default().to_string_lossy();
        let mut name = format!("model2vec-{folder}-");
        for byte in Sha256::digest(&weights).iter().take(HASH_BYTES) {
            let _ = write!(name, "{byte:02x}");
        }
        Ok(Self { model, name })
    }
}

impl TextEncoder for Model2Vec {
    fn model(&self) -> &str {
        &self.name
    }

    fn dim(&self) -> usize {
        self.model.dim()
    }

    fn encode(&self, texts: &[String]) -> Vec<Vec<f32>> {
        self.model.encode(texts)
    }
}
