//! Vectors from an encoder that the caller gives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use cortex::{LanguageBackend, LanguageBackendExt, LocalLanguage, TextEncoder};
use resilience::ErrorKind;

/// Counts letters and spaces.
#[derive(Debug)]
struct Counting {
    components: usize,
}

impl TextEncoder for Counting {
    fn model(&self) -> &str {
        "counting-v1"
    }

    fn dim(&self) -> usize {
        2
    }

    fn encode(&self, texts: &[String]) -> Vec<Vec<f32>> {
        texts
            .iter()
            .map(|text| {
                let spaces = text.matches(' ').count() as f32;
                let mut vector = vec![text.len() as f32 - spaces, spaces];
                vector.truncate(self.components);
                vector
            })
            .collect()
    }
}

#[tokio::test]
async fn vectors_carry_the_encoders_model_and_have_unit_length() {
    let language = LocalLanguage::new().with_encoder(Counting { components: 2 });
    let capabilities = language.capabilities();
    assert_eq!(capabilities.embedding_model.as_deref(), Some("counting-v1"));
    assert_eq!(capabilities.embedding_dim, Some(2));
    let vector = language.embedding_of("abc    ").await.unwrap();
    assert_eq!(
        (vector.model.as_str(), vector.vector.clone()),
        ("counting-v1", vec![0.6, 0.8])
    );
    let empty = language.embedding_of("").await.unwrap();
    assert_eq!(empty.vector, [0.0, 0.0]);
    let hashed = LocalLanguage::new().embedding_of("abc    ").await.unwrap();
    assert!(vector.cosine(&hashed).is_err());
}

#[tokio::test]
async fn an_encoder_that_breaks_its_word_fails_the_item() {
    let language = LocalLanguage::new().with_encoder(Counting { components: 1 });
    let error = language.embedding_of("abc").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
}
