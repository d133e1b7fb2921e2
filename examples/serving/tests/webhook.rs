//! A webhook that Gong signed brings its call into the store; others bring nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use gong_snowflake::calls::CallId;
use gong_snowflake::gong_client::webhooks::WebhookVerifier;
use gong_snowflake::gong_client::{Credentials, GongClient, GongConfig};
use gong_snowflake::snowflake_store::{CallReader, SqliteStore};
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePublicKey;
use rsa::sha2::{Digest, Sha256};
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use serving::Listening;
use testkit::gong::{DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, GongSimulator};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

use crate::support::http;

const URL: &str = "https://hooks.example.com/gong";

fn signed(key: &RsaPrivateKey, body: &[u8]) -> String {
    let part = |json: &Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
    let digest = Sha256::digest(body);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let claims = json!({ "webhook_url": URL, "body_sha256": digest });
    let signed = format!("{}.{}", part(&json!({ "alg": "RS256" })), part(&claims));
    let signature = SigningKey::<Sha256>::new(key.clone()).sign(signed.as_bytes());
    let signature = BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes());
    format!("Authorization: Bearer {signed}.{signature}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_webhook_brings_its_call() {
    let org = SyntheticOrg::generate(&SyntheticConfig {
        deals: 2,
        ..SyntheticConfig::default()
    });
    let call = org.calls[0].clone();
    let id = CallId::new(call.id().unwrap());
    let simulator = GongSimulator::builder().calls(org.calls).start();
    let simulator = simulator.await.unwrap();
    let credentials = Credentials::basic(DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET);
    let gong = GongClient::new(GongConfig::new(&simulator.url(), credentials).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("calls.db"))
        .await
        .unwrap();
    let store = Arc::new(store);

    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    let public = RsaPublicKey::from(&key).to_public_key_der().unwrap();
    let public = BASE64_STANDARD.encode(public.as_bytes());
    let (router, told) = serving::webhook("/gong", WebhookVerifier::new(&public, URL).unwrap());
    tokio::spawn(told.sync(Arc::new(gong), store.clone()));
    let listening = Listening::on("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listening.address().to_string();
    let grace = Duration::from_secs(1);
    tokio::spawn(listening.serve(router, std::future::pending(), grace));

    let body = json!({ "callData": call.extensive, "isTest": false }).to_string();
    let send = async |headers: Vec<String>, body: String| {
        let address = address.clone();
        let sent = tokio::task::spawn_blocking(move || {
            let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
            http::send(&address, "POST /gong", &headers, body.as_bytes()).status
        });
        sent.await.unwrap()
    };
    let authorization = signed(&key, body.as_bytes());
    assert_eq!(send(vec![], body.clone()).await, 401);
    assert_eq!(
        send(vec![authorization.clone()], format!("{body} ")).await,
        401
    );
    let early = store.call_detail(&id).await.unwrap();
    assert!(early.is_none(), "what is not Gong's brings nothing");

    let trial = json!({ "callData": call.extensive, "isTest": true }).to_string();
    assert_eq!(send(vec![signed(&key, trial.as_bytes())], trial).await, 202);
    assert_eq!(send(vec![authorization], body).await, 202);
    let arrived = async {
        while store.call_detail(&id).await.unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), arrived)
        .await
        .unwrap();
}
