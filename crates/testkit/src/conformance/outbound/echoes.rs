//! Secrets in a server's words, verbatim and in disguise.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::server::{Asked, Reply, Server};
use super::{Client, everything, failure, settings};

pub(super) async fn check(client: &Client) {
    for secret in client.secrets() {
        assert!(secret.len() >= 12, "too short to be told from other words");
        let forms = forms(&secret);
        for form in &forms {
            for status in [200, 302, 400, 401, 403, 404, 409, 429, 500] {
                let server = Server::start(client, echo(&secret, status, form)).await;
                let error = failure(
                    client,
                    &server.url,
                    settings(),
                    &format!("{status} with {form}"),
                )
                .await;
                let shown = everything(&error);
                let leaked = forms.iter().find(|form| shown.contains(*form));
                assert_eq!(leaked, None, "{status}: {shown}");
            }
        }
    }
}

/// What an echo may look like.
fn forms(secret: &str) -> Vec<String> {
    let escaped = secret
        .bytes()
        .map(|byte| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        });
    vec![
        secret.to_owned(),
        secret.to_lowercase(),
        secret.to_uppercase(),
        escaped.collect(),
        BASE64_STANDARD.encode(secret),
        secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        secret.chars().skip(1).take(secret.len() - 2).collect(),
    ]
}

/// A refusal, in the shape of any API, that repeats the secret wherever a client may look.
fn echo(
    secret: &str,
    status: u16,
    form: &str,
) -> impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static {
    let secret = secret.to_owned();
    let words = format!("no access with {form} here");
    let body = json!({
        "message": words,
        "errors": [words, { "message": words, "context": { "requiredScopes": [form] } }],
        "error": { "message": words, "code": form, "type": form, "param": form },
        "code": form,
        "category": form,
        "requestId": form,
        "request_id": form,
        "correlationId": form,
    });
    let headers = format!("x-hubspot-correlation-id: {form}\r\nx-request-id: {form}\r\n");
    move |asked, _| match carries(asked, &secret) {
        true => Reply::status(status, &headers, body.to_string()),
        false => Reply::Good,
    }
}

/// Whether a request proves itself with the secret, encoded or not.
fn carries(asked: &Asked, secret: &str) -> bool {
    let sent = asked.header("authorization").unwrap_or_default();
    let encoded = sent.strip_prefix("Basic ").unwrap_or_default();
    let decoded = BASE64_STANDARD.decode(encoded).unwrap_or_default();
    sent.contains(secret) || String::from_utf8_lossy(&decoded).contains(secret)
}
