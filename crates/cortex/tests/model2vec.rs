//! model2vec files that the user brings, here of three words.
#![cfg(feature = "model2vec")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use cortex::{LanguageBackend, LanguageBackendExt, LocalLanguage, Model2Vec};
use resilience::ErrorKind;
use serde_json::json;

/// A tokenizer that cuts at white space, and a vector of two components for each word.
fn write_model(folder: &Path, weights: [[f32; 2]; 3]) {
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": null, "decoder": null,
        "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "price": 1, "security": 2},
                  "unk_token": "[UNK]"},
    });
    let bytes: Vec<u8> = weights
        .iter()
        .flatten()
        .flat_map(|component| component.to_le_bytes())
        .collect();
    let header = json!({"embeddings": {
        "dtype": "F32", "shape": [3, 2], "data_offsets": [0, bytes.len()],
    }})
    .to_string();
    let mut model = (header.len() as u64).to_le_bytes().to_vec();
    model.extend(header.as_bytes());
    model.extend(bytes);
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    fs::write(folder.join("model.safetensors"), model).unwrap();
    fs::write(folder.join("config.json"), r#"{"normalize": true}"#).unwrap();
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[tokio::test]
async fn vectors_are_those_of_the_files() {
    let small = folder("small");
    write_model(&small, [[0.0, 0.0], [3.0, 4.0], [4.0, -3.0]]);
    let language = LocalLanguage::new().with_encoder(Model2Vec::open(&small).unwrap());
    assert_eq!(language.capabilities().embedding_dim, Some(2));
    let price = language.embedding_of("price").await.unwrap();
    let security = language.embedding_of("security").await.unwrap();
    assert_eq!(price.vector, [0.6, 0.8]);
    assert!(price.cosine(&security).unwrap().abs() < 1e-6);
    assert!(
        price.model.starts_with("model2vec-small-"),
        "{}",
        price.model
    );

    let other = folder("other/small");
    write_model(&other, [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]);
    let other = LocalLanguage::new().with_encoder(Model2Vec::open(&other).unwrap());
    assert!(
        price
            .cosine(&other.embedding_of("price").await.unwrap())
            .is_err()
    );
}

#[test]
fn missing_and_broken_files_are_named() {
    let error = Model2Vec::open(folder("nothing")).unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::InvalidInput, Some("tokenizer.json"))
    );
    let broken = folder("broken");
    write_model(&broken, [[0.0; 2]; 3]);
    fs::write(broken.join("model.safetensors"), b"no tensors").unwrap();
    let error = Model2Vec::open(&broken).unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::InvalidInput, Some("model"))
    );
}
