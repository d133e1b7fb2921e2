//! Damaged input for the decoders and the verifier of webhooks, target by target: a moment of
//! each with the other tests, and a minute of each by `cargo xtask fuzz`.
//!
//! Inputs are calls, transcripts and signed webhooks with bytes and values changed at random.
//! Nothing measures which code they reach, as libFuzzer does, so a clean run says less than
//! one of that. In return it needs no other toolchain. A panic fails the test with the seed that
//! leads to it, and so does an answer that breaks a promise:
//!
//! - the same bytes give the same call, and cleaning a clean document changes nothing;
//! - a webhook is taken only with the very token and body that were signed.
#![cfg(feature = "webhooks")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use calls::canonical::Canonicalizer;
use calls::gong::{decode_call_with_notes, decode_transcript_with_notes};
use fastrand::Rng;
use gong_client::webhooks::{CallEvent, WebhookVerifier};
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePublicKey;
use rsa::sha2::{Digest, Sha256};
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

const URL: &str = "https://hooks.example.com/gong";

struct Seeds {
    calls: Vec<Value>,
    transcripts: Vec<Value>,
    verifier: WebhookVerifier,
    /// What was signed: tokens with their bodies.
    signed: Vec<(String, Vec<u8>)>,
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
    let text = damaged(&seeds.calls, rng);
    let first = decode_call_with_notes(&text).ok();
    // Not by equality: a duration may be no number.
    let again = decode_call_with_notes(&text).ok();
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
}

fn transcript(seeds: &Seeds, rng: &mut Rng) {
    let text = damaged(&seeds.transcripts, rng);
    if let Ok(read) = decode_transcript_with_notes(&text) {
        let indices = read.value.sentences.iter().map(|sentence| sentence.index);
        assert!(indices.eq(0..read.value.sentences.len() as u32));
    }
}

fn cleaning(seeds: &Seeds, rng: &mut Rng) {
    let text = damaged(&seeds.calls, rng);
    // Only what a parser accepts is spelled.
    if serde_json::from_str::<&RawValue>(&text).is_err() {
        return;
    }
    if let Ok(cleaned) = Canonicalizer::default().whole(&text) {
        let again = Canonicalizer::default()
            .whole(&cleaned.text)
            .expect("clean JSON is JSON");
        assert_eq!(again.text, cleaned.text);
        assert!(again.notes.is_empty(), "{:?}", again.notes);
    }
}

fn webhook_body(seeds: &Seeds, rng: &mut Rng) {
    let (_, body) = rng.choice(&seeds.signed).unwrap();
    let _ = CallEvent::from_body(&with_bytes_changed(body.clone(), rng));
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
    let bare = |token: &str| token.trim().to_owned();
    let is_the_same = bare(&tried) == *token && tried_body == *body;
    let is_taken = seeds.verifier.verify(&tried, &tried_body).is_ok();
    assert!(is_the_same || !is_taken, "{tried}");
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
