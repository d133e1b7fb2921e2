//! A webhook is taken when Gong signed exactly it, and refused otherwise.
#![cfg(feature = "webhooks")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use gong_client::webhooks::{CallEvent, UrlKey, WebhookVerifier};
use gong_client::{ErrorKind, Timestamp};
use proptest::prelude::*;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePublicKey;
use rsa::sha2::{Digest, Sha256, Sha512};
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};

const URL: &str = "https://hooks.example.com/gong";
const BODY: &[u8] =
    br#"{"callData":{"metaData":{"id":"7782342274025937895","title":"Demo"}},"isTest":true}"#;
/// A public key of another kind.
const P256: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErPpbVKUIfKnwqZu7vPiqog2DQcqNXAqaZ0iVHvI8+X6WIaTetRVE3o834eFctZHr4TSHZIkEGBOxHZgSHMVzjw==";
const NOW: i64 = 1_783_000_000;

static KEY: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap());

static FORGER: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap());

fn public(key: &RsaPrivateKey) -> String {
    let der = RsaPublicKey::from(key).to_public_key_der().unwrap();
    BASE64_STANDARD.encode(der.as_bytes())
}

fn part(json: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(json.to_string())
}

fn hex(body: &[u8]) -> String {
    Sha256::digest(body)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn claims() -> Value {
    json!({ "webhook_url": URL, "body_sha256": hex(BODY), "exp": NOW + 300 })
}

fn signed_by(key: &RsaPrivateKey, header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = SigningKey::<Sha256>::new(key.clone()).sign(signed.as_bytes());
    format!(
        "{signed}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes())
    )
}

fn signed(claims: &Value) -> String {
    signed_by(&KEY, &json!({ "alg": "RS256", "typ": "JWT" }), claims)
}

fn verify_for(url: &str, token: &str, body: &[u8]) -> gong_client::Result<CallEvent> {
    let verifier = WebhookVerifier::new(&public(&KEY), url).unwrap();
    verifier.verify_at(token, body, Timestamp::from_second(NOW).unwrap())
}

fn refusal(token: &str, body: &[u8]) -> String {
    let error = verify_for(URL, token, body).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
    error.to_string()
}

#[test]
fn what_gong_signed_is_taken() {
    let token = signed(&claims());
    for authorization in [
        token.clone(),
        format!("Bearer {token}"),
        format!("bearer  {token} "),
    ] {
        let event = verify_for(URL, &authorization, BODY).unwrap();
        assert_eq!(event.document.call_id.as_str(), "7782342274025937895");
        assert_eq!(event.call.meta_data.unwrap().title.as_deref(), Some("Demo"));
        assert!(event.is_test);
    }
    let mut unlimited = claims();
    unlimited.as_object_mut().unwrap().remove("exp");
    assert!(verify_for(URL, &signed(&unlimited), BODY).is_ok());
}

#[test]
fn a_key_with_the_lines_of_pem_is_the_same_key() {
    let bare = public(&KEY);
    let lines: Vec<&str> = bare
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    );
    assert!(WebhookVerifier::new(&pem, URL).is_ok());
    for wrong in [
        "",
        "MIIB",
        "not base64!",
        &BASE64_STANDARD.encode([48, 3, 2, 1, 1]),
        P256,
    ] {
        let error = WebhookVerifier::new(wrong, URL).unwrap_err();
        assert_eq!(error.field(), Some("public_key"), "{wrong}");
    }
}

#[test]
fn a_token_without_a_signature_is_refused() {
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let unsigned = format!("{}.{}.", part(&json!({ "alg": alg })), part(&claims()));
        assert!(refusal(&unsigned, BODY).contains("RS256"), "{alg}");
    }
    let token = signed(&claims());
    let (unsigned, _) = token.rsplit_once('.').unwrap();
    refusal(&format!("{unsigned}."), BODY);
    refusal(unsigned, BODY);
    refusal("", BODY);
    refusal("Bearer", BODY);
}

#[test]
fn the_public_key_is_no_shared_secret() {
    // HMAC by hand: the test would otherwise need a library for what must not work.
    let hmac = |key: &[u8], text: &[u8]| {
        let mut block = [0_u8; 64];
        match key.len() {
            0..=64 => block[..key.len()].copy_from_slice(key),
            _ => block[..32].copy_from_slice(&Sha256::digest(key)),
        }
        let pad = |with: u8| block.map(|byte| byte ^ with);
        let inner = Sha256::new()
            .chain_update(pad(0x36))
            .chain_update(text)
            .finalize();
        Sha256::new()
            .chain_update(pad(0x5C))
            .chain_update(inner)
            .finalize()
    };
    let der = BASE64_STANDARD.decode(public(&KEY)).unwrap();
    for key in [der, public(&KEY).into_bytes()] {
        for alg in ["HS256", "RS256"] {
            let signed = format!("{}.{}", part(&json!({ "alg": alg })), part(&claims()));
            let signature = BASE64_URL_SAFE_NO_PAD.encode(hmac(&key, signed.as_bytes()));
            refusal(&format!("{signed}.{signature}"), BODY);
        }
    }
}

#[test]
fn a_token_cannot_bring_its_own_key() {
    for header in [
        json!({ "alg": "RS256" }),
        json!({ "alg": "RS256", "kid": "../../dev/null" }),
        json!({ "alg": "RS256", "kid": "' UNION SELECT 'key", "jku": "https://forger.example/keys" }),
        json!({ "alg": "RS256", "jwk": { "kty": "RSA", "n": public(&FORGER), "e": "AQAB" } }),
        json!({ "alg": "RS256", "x5c": [public(&FORGER)] }),
    ] {
        let forged = signed_by(&FORGER, &header, &claims());
        assert!(refusal(&forged, BODY).contains("signature"), "{header}");
    }
    // With Gong's own signature the same words change nothing.
    let header = json!({ "alg": "RS256", "kid": "../../dev/null" });
    assert!(verify_for(URL, &signed_by(&KEY, &header, &claims()), BODY).is_ok());
    let critical = json!({ "alg": "RS256", "crit": ["b64"], "b64": false });
    refusal(&signed_by(&KEY, &critical, &claims()), BODY);
}

#[test]
fn another_algorithm_of_the_same_key_is_refused() {
    let signed = format!("{}.{}", part(&json!({ "alg": "RS512" })), part(&claims()));
    let signature = SigningKey::<Sha512>::new(KEY.clone()).sign(signed.as_bytes());
    let token = format!(
        "{signed}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes())
    );
    refusal(&token, BODY);
    // It is not enough to call it RS256.
    refusal(
        &token.replacen(
            &part(&json!({ "alg": "RS512" })),
            &part(&json!({ "alg": "RS256" })),
            1,
        ),
        BODY,
    );
}

#[test]
fn a_short_key_is_refused() {
    let short = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap();
    let verifier = WebhookVerifier::new(&public(&short), URL).unwrap();
    let token = signed_by(&short, &json!({ "alg": "RS256" }), &claims());
    let error = verifier.verify_at(&token, BODY, Timestamp::from_second(NOW).unwrap());
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Auth);
}

#[test]
fn another_body_is_refused() {
    let token = signed(&claims());
    let spaced = [BODY, b" "].concat();
    for body in [&b"{}"[..], b"", &spaced, &BODY.to_ascii_uppercase()] {
        assert!(refusal(&token, body).contains("body"));
    }
}

#[test]
fn another_address_is_refused() {
    let with = |url: &str| {
        let mut claims = claims();
        claims["webhook_url"] = json!(url);
        signed(&claims)
    };
    for url in [
        "https://hooks.example.com/other",
        "https://hooks.example.com.forger.example/gong",
        "http://hooks.example.com/gong",
        "https://hooks.example.com:8443/gong",
        "hooks.example.com/gong",
        "",
    ] {
        assert!(refusal(&with(url), BODY).contains("address"), "{url}");
    }
    for url in [
        "https://hooks.example.com/gong/",
        "https://HOOKS.example.com:443/gong",
        "https://hooks.example.com/gong?tenant=1",
    ] {
        assert!(verify_for(URL, &with(url), BODY).is_ok(), "{url}");
    }
    let tenant = format!("{URL}?tenant=1");
    assert!(verify_for(&tenant, &with(&tenant), BODY).is_ok());
    assert!(verify_for(&tenant, &with(&format!("{URL}?tenant=2")), BODY).is_err());
    assert!(verify_for(&tenant, &with(URL), BODY).is_err());
}

#[test]
fn an_old_token_is_refused() {
    let ending = |exp: Value| {
        let mut claims = claims();
        claims["exp"] = exp;
        signed(&claims)
    };
    assert!(refusal(&ending(json!(NOW - 61)), BODY).contains("expired"));
    assert!(verify_for(URL, &ending(json!(NOW - 59)), BODY).is_ok());
    assert!(verify_for(URL, &ending(json!(NOW as f64 + 0.5)), BODY).is_ok());
    // What cannot be understood does not mean for ever.
    refusal(&ending(json!("tomorrow")), BODY);
    let mut early = claims();
    early["nbf"] = json!(NOW + 61);
    assert!(refusal(&signed(&early), BODY).contains("not valid yet"));
}

#[test]
fn claims_are_needed_and_come_once() {
    for name in ["webhook_url", "body_sha256"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        refusal(&signed(&claims), BODY);
    }
    let twice = claims()
        .to_string()
        .replacen('{', r#"{"webhook_url":"https://a.b","#, 1);
    let signed = format!(
        "{}.{}",
        part(&json!({ "alg": "RS256" })),
        BASE64_URL_SAFE_NO_PAD.encode(twice)
    );
    let signature = SigningKey::<Sha256>::new(KEY.clone()).sign(signed.as_bytes());
    refusal(
        &format!(
            "{signed}.{}",
            BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes())
        ),
        BODY,
    );
}

#[test]
fn a_body_is_a_call_with_or_without_its_wrapping() {
    let bare = br#"{"metaData":{"id":"7"},"parties":[]}"#;
    let event = CallEvent::from_body(bare).unwrap();
    assert_eq!(
        (event.document.call_id.as_str(), event.is_test),
        ("7", false)
    );
    for wrong in [
        &b""[..],
        b"[]",
        b"{}",
        br#"{"callData":null}"#,
        br#"{"callData":{"metaData":{"id":""}}}"#,
    ] {
        assert_eq!(
            CallEvent::from_body(wrong).unwrap_err().kind(),
            ErrorKind::Decode
        );
    }
}

#[test]
fn a_key_in_the_address_is_compared_as_a_whole() {
    let key = UrlKey::new("k3y-of-the-rule");
    assert!(key.is("k3y-of-the-rule"));
    for wrong in ["", "k3y-of-the-rul", "k3y-of-the-rule ", "K3Y-OF-THE-RULE"] {
        assert!(!key.is(wrong));
    }
    assert!(!UrlKey::new("").is(""));
    assert!(!format!("{key:?}").contains("k3y"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_changed_character_is_one_too_many(at: prop::sample::Index, to in "[A-Za-z0-9_.-]") {
        let token = signed(&claims());
        let at = at.index(token.len());
        prop_assume!(token.as_bytes()[at] != to.as_bytes()[0]);
        let mut changed = token.clone();
        changed.replace_range(at..=at, &to);
        // The last character's unused bits say nothing; a strict decoder refuses them.
        prop_assert!(verify_for(URL, &changed, BODY).is_err());
    }

    #[test]
    fn any_header_and_any_body_are_survived(header in ".{0,80}", body: Vec<u8>) {
        prop_assert!(verify_for(URL, &header, &body).is_err());
        let _ = CallEvent::from_body(&body);
    }
}

#[cfg(feature = "axum")]
#[tokio::test]
async fn a_handler_gets_what_gong_signed() {
    use std::sync::Arc;

    use axum_core::body::Body;
    use axum_core::extract::{FromRequest, Request};
    use gong_client::webhooks::LARGEST_EVENT;

    let verifier = Arc::new(WebhookVerifier::new(&public(&KEY), URL).unwrap());
    let request = |authorization: &str, body: &'static [u8]| {
        let request = Request::post("/gong").header("authorization", authorization);
        request.body(Body::from(body)).unwrap()
    };
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove("exp");
    let event = CallEvent::from_request(request(&signed(&claims), BODY), &verifier).await;
    assert!(event.unwrap().is_test);
    // A call of hundreds of people, past axum's own limit of two megabytes.
    let large: &[u8] = {
        let parties = vec![json!({"name": "x".repeat(10_000)}); 300];
        let large = json!({"callData": {"metaData": {"id": "1"}, "parties": parties}});
        large.to_string().leak().as_bytes()
    };
    claims["body_sha256"] = json!(hex(large));
    let event = CallEvent::from_request(request(&signed(&claims), large), &verifier).await;
    assert_eq!(event.unwrap().call.parties.len(), 300);
    let endless = vec![b' '; LARGEST_EVENT + 1].leak();
    claims["body_sha256"] = json!(hex(b"[]"));
    for (token, body, status) in [
        (signed(&claims), &*endless, 413),
        (signed(&claims), &b"[]"[..], 422),
        (signed(&claims), BODY, 401),
        (String::new(), BODY, 401),
        // Nobody keeps megabytes for who is not Gong.
        (String::new(), &*endless, 401),
    ] {
        let refused = CallEvent::from_request(request(&token, body), &verifier).await;
        assert_eq!(refused.unwrap_err().status(), status);
    }
}
