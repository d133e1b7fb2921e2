//! Damaged input for the decoders and the verifier of webhooks, target by target: a moment of
//! each with the other tests, and a minute of each by `cargo xtask fuzz`.
//!
//! Inputs are calls, transcripts and signed webhooks with bytes and values changed at random.
//! It needs nothing but this crate. Nothing measures which code the inputs reach; `fuzz/` does,
//! and begins with the documents that this test leaves in
//! `GONG_SNOWFLAKE_FUZZ_SEEDS`. A panic fails the test with the seed that leads to it, and so
//! does an answer that breaks a promise.
#![cfg(feature = "webhooks")]

mod promises;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use fastrand::Rng;
use gong_client::webhooks::WebhookVerifier;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePublicKey;
use rsa::sha2::{Digest, Sha256};
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

const URL: &str = "https://hooks.example.com/gong";

struct Seeds {
    calls: Vec<Value>,
    transcripts: Vec<Value>,
    public_key: String,
    verifier: WebhookVerifier,
    /// What was signed: tokens with their bodies.
    signed: Vec<(String, Vec<u8>)>,
}

impl Seeds {
    /// Documents by kind, a file each; of what was signed token, line break and body.
    fn write(&self, folder: &Path) {
        let write = |kind: &str, documents: &mut dyn Iterator<Item = Vec<u8>>| {
            let folder = folder.join(kind);
            std::fs::create_dir_all(&folder).unwrap();
            for (number, document) in documents.take(20).enumerate() {
                std::fs::write(folder.join(number.to_string()), document).unwrap();
            }
        };
        let text = |value: &Value| value.to_string().into_bytes();
        write("calls", &mut self.calls.iter().map(text));
        write("transcripts", &mut self.transcripts.iter().map(text));
        let signed = self.signed.iter();
        let signed = signed.map(|(token, body)| [token.as_bytes(), b"\n", body].concat());
        write("signed", &mut { signed });
        std::fs::write(folder.join("public_key"), &self.public_key).unwrap();
    }
}

type Target = (&'static str, fn(&Seeds, &mut Rng));

const TARGETS: [Target; 5] = [
    ("call", call),
    ("transcript", transcript),
    ("cleaning", cleaning),
    ("webhook body", webhook_body),
    ("webhook verifier", webhook_verifier),
];

/// Milliseconds for each target, and where the random inputs begin.
fn variable(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn damaged_input_breaks_no_promise() {
    let time = Duration::from_millis(variable("GONG_SNOWFLAKE_FUZZ_MILLISECONDS", 500));
    let seed = variable("GONG_SNOWFLAKE_FUZZ_SEED", 0);
    let seeds = seeds();
    if let Some(folder) = std::env::var_os("GONG_SNOWFLAKE_FUZZ_SEEDS") {
        seeds.write(folder.as_ref());
    }
    for (name, target) in TARGETS {
        let started = Instant::now();
        let mut inputs = 0_u64;
        while started.elapsed() < time {
            let of_input = seed.wrapping_add(inputs);
            let mut rng = Rng::with_seed(of_input);
            let outcome = catch_unwind(AssertUnwindSafe(|| target(&seeds, &mut rng)));
            assert!(
                outcome.is_ok(),
                "{name}: the input of seed {of_input} fails"
            );
            inputs += 1;
        }
        println!("{name}: {inputs} inputs");
    }
}

fn seeds() -> Seeds {
    let org = SyntheticOrg::generate(&SyntheticConfig {
        deals: 4,
        sentences: 20..=40,
        ..SyntheticConfig::default()
    });
    let calls: Vec<Value> = org.calls.iter().map(|one| one.extensive.clone()).collect();
    let transcripts = org.calls.iter().filter_map(|one| one.transcript.clone());
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    let public = RsaPublicKey::from(&key).to_public_key_der().unwrap();
    let public = BASE64_STANDARD.encode(public.as_bytes());
    let signed = calls.iter().take(8).map(|call| {
        let body = json!({ "callData": call, "isTest": true })
            .to_string()
            .into_bytes();
        (token(&key, &body), body)
    });
    Seeds {
        signed: signed.collect(),
        transcripts: transcripts.collect(),
        verifier: WebhookVerifier::new(&public, URL).unwrap(),
        public_key: public,
        calls,
    }
}

fn token(key: &RsaPrivateKey, body: &[u8]) -> String {
    let hex = |byte: &u8| format!("{byte:02x}");
    let digest: String = Sha256::digest(body).iter().map(hex).collect();
    let header = json!({ "alg": "RS256", "typ": "JWT" });
    let claims = json!({ "webhook_url": URL, "body_sha256": digest });
    let part = |json: &Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let signature = SigningKey::<Sha256>::new(key.clone()).sign(signed.as_bytes());
    format!(
        "{signed}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes())
    )
}

fn call(seeds: &Seeds, rng: &mut Rng) {
    promises::call(&damaged(&seeds.calls, rng));
}

fn transcript(seeds: &Seeds, rng: &mut Rng) {
    promises::transcript(&damaged(&seeds.transcripts, rng));
}

fn cleaning(seeds: &Seeds, rng: &mut Rng) {
    promises::cleaning(&damaged(&seeds.calls, rng));
}

fn webhook_body(seeds: &Seeds, rng: &mut Rng) {
    let (_, body) = rng.choice(&seeds.signed).unwrap();
    promises::webhook_body(&with_bytes_changed(body.clone(), rng));
}

fn webhook_verifier(seeds: &Seeds, rng: &mut Rng) {
    let (token, body) = rng.choice(&seeds.signed).unwrap();
    let (mut tried, mut tried_body) = (token.clone(), body.clone());
    match rng.u8(0..4) {
        0 => tried_body = with_bytes_changed(tried_body, rng),
        1 => tried = with_another_part(token, rng),
        // A token of another body.
        2 => tried = rng.choice(&seeds.signed).unwrap().0.clone(),
        _ => {
            let bytes = with_bytes_changed(tried.into_bytes(), rng);
            tried = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    promises::webhook_verifier(&seeds.verifier, &seeds.signed, &tried, &tried_body);
}

/// The header or the claims say something else, under the old signature or none.
fn with_another_part(token: &str, rng: &mut Rng) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let headers = [
        json!({"alg": "none"}),
        json!({"alg": "HS256", "kid": "../../key"}),
        json!({"alg": "RS256", "crit": ["exp"]}),
        json!({"alg": "RS256", "jwk": {}}),
    ];
    let claims = [
        json!({"webhook_url": "https://other.example.com", "body_sha256": ""}),
        json!({"webhook_url": URL, "body_sha256": null, "exp": "never"}),
        json!({"webhook_url": URL}),
    ];
    let (at, part) = match rng.bool() {
        true => (0, rng.choice(&headers)),
        false => (1, rng.choice(&claims)),
    };
    parts[at] = BASE64_URL_SAFE_NO_PAD.encode(part.unwrap().to_string());
    if rng.bool() {
        parts[2].clear();
    }
    parts.join(".")
}

/// A document with some values replaced, and sometimes some bytes.
fn damaged(documents: &[Value], rng: &mut Rng) -> String {
    let mut document = rng.choice(documents).unwrap().clone();
    for _ in 0..rng.usize(0..4) {
        replace_somewhere(&mut document, rng);
    }
    let text = document.to_string();
    if rng.u8(0..3) > 0 {
        return text;
    }
    let bytes = with_bytes_changed(text.into_bytes(), rng);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Walks into the document at random, and puts something else where the walk ends.
fn replace_somewhere(document: &mut Value, rng: &mut Rng) {
    let mut at = document;
    loop {
        let children = match &*at {
            Value::Object(members) => members.len(),
            Value::Array(items) => items.len(),
            _ => 0,
        };
        if children == 0 || rng.u8(0..6) == 0 {
            break;
        }
        let child = rng.usize(0..children);
        at = match at {
            Value::Object(members) => members.values_mut().nth(child).unwrap(),
            Value::Array(items) => &mut items[child],
            _ => unreachable!("it has children"),
        };
    }
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e308),
        json!(9_007_199_254_740_993_i64),
        json!(""),
        json!("\u{0}\u{feff}"),
        json!("-262144-01-01T00:00:00Z"),
        json!([]),
        json!([[[]]]),
        json!({}),
        json!({"id": 1}),
    ];
    *at = rng.choice(odd).unwrap();
}

/// One to eight bytes are others, gone, or twice.
fn with_bytes_changed(mut bytes: Vec<u8>, rng: &mut Rng) -> Vec<u8> {
    for _ in 0..rng.usize(1..8) {
        if bytes.is_empty() {
            break;
        }
        let at = rng.usize(0..bytes.len());
        match rng.u8(0..5) {
            0 => bytes[at] = rng.u8(..),
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, *rng.choice(b"{}[]\",:\\u0d8e").unwrap()),
            3 => bytes.truncate(at),
            _ => {
                let end = (at + rng.usize(0..64)).min(bytes.len());
                let again: Vec<u8> = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}
