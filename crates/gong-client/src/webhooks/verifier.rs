//! Checks the token that Gong signs. For callers whose rule says "Signed JWT header".

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use resilience::ErrorKind;
use rustls_pki_types::SubjectPublicKeyInfoDer;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;
use webpki::RawPublicKeyEntity;
use webpki::ring::RSA_PKCS1_2048_8192_SHA256;

use super::CallEvent;
use crate::{Error, Result};

/// How far the clocks may differ, in seconds.
const LEEWAY: f64 = 60.0;

/// Knows the public key of a rule and the address that it calls.
///
/// The algorithm is RS256 and nothing else, with a key of 2,048 bits or more, and the key is
/// the one given here: a token may say what it likes about both. The signature covers the
/// address and the digest of the body, so neither can be exchanged. A token that names no end
/// has none, and who has seen it can send the same call again: tell calls apart by their ids.
#[derive(Debug, Clone)]
pub struct WebhookVerifier {
    key: SubjectPublicKeyInfoDer<'static>,
    url: Url,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// What the receiver has to understand, which is nothing here.
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    webhook_url: String,
    body_sha256: String,
    exp: Option<f64>,
    nbf: Option<f64>,
}

/// What a good token says of its body.
pub(super) struct Signed {
    body_sha256: String,
}

impl Signed {
    pub(super) fn event(&self, body: &[u8]) -> Result<CallEvent> {
        let digest: String = Sha256::digest(body)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if !self.body_sha256.eq_ignore_ascii_case(&digest) {
            return Err(refused("the token is for another body"));
        }
        CallEvent::from_body(body)
    }
}

impl WebhookVerifier {
    /// For the key that the rule's dialog shows, base64 with or without PEM's lines, and the
    /// address as the rule has it.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) on the field `public_key` or `webhook_url`.
    pub fn new(public_key: &str, webhook_url: &str) -> Result<Self> {
        let lines = public_key.lines().filter(|line| !line.starts_with("-----"));
        let base64: String = lines
            .flat_map(|line| line.chars().filter(|c| !c.is_whitespace()))
            .collect();
        let wrong = |_| Error::config("public_key", "is not an RSA key as base64 of X.509");
        let der = BASE64_STANDARD.decode(base64).map_err(|_| wrong(()))?;
        let key = SubjectPublicKeyInfoDer::from(der);
        let read = RawPublicKeyEntity::try_from(&key).map_err(|_| wrong(()))?;
        // No signature is right; a key for other signatures is refused before they are looked at.
        let tried = read.verify_signature(RSA_PKCS1_2048_8192_SHA256, b"", b"");
        if let Err(webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) = tried {
            return Err(wrong(()));
        }
        let url = Url::parse(webhook_url);
        let url = url.map_err(|_| Error::config("webhook_url", "is not an address"))?;
        Ok(Self { key, url })
    }

    /// The event in a request, from its `Authorization` header and its body, byte for byte as
    /// it came.
    ///
    /// # Errors
    /// [`Auth`](ErrorKind::Auth) when it is not Gong's, or not meant for this address;
    /// [`Decode`](ErrorKind::Decode) when it is, and is no call.
    pub fn verify(&self, authorization: &str, body: &[u8]) -> Result<CallEvent> {
        self.verify_at(authorization, body, Timestamp::now())
    }

    /// The same at another time, for tests and for requests that were kept.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_at(&self, authorization: &str, body: &[u8], now: Timestamp) -> Result<CallEvent> {
        self.signed(authorization, now)?.event(body)
    }

    /// What Gong signed, before the body has come: nobody else's is worth reading.
    pub(super) fn signed(&self, authorization: &str, now: Timestamp) -> Result<Signed> {
        let token = authorization.trim();
        let token = match token.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => token,
        };
        let claims = self.claims(token)?;
        #[allow(clippy::cast_precision_loss)]
        let now = now.as_second() as f64;
        if claims.exp.is_some_and(|end| now > end + LEEWAY) {
            return Err(refused("the token has expired"));
        }
        if claims.nbf.is_some_and(|start| now < start - LEEWAY) {
            return Err(refused("the token is not valid yet"));
        }
        if !self.is_here(&claims.webhook_url) {
            return Err(refused("the token is for another address"));
        }
        Ok(Signed {
            body_sha256: claims.body_sha256,
        })
    }

    fn claims(&self, token: &str) -> Result<Claims> {
        let no_token = || refused("there is no signed token");
        let (signed, signature) = token.rsplit_once('.').ok_or_else(no_token)?;
        let (header, claims) = signed.split_once('.').ok_or_else(no_token)?;
        let header: Header = part(header).ok_or_else(no_token)?;
        if header.alg != "RS256" || header.crit.is_some() {
            return Err(refused("the token is not signed by RS256 alone"));
        }
        let signature = BASE64_URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| no_token())?;
        let key = RawPublicKeyEntity::try_from(&self.key).map_err(|_| no_token())?;
        key.verify_signature(RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
            .map_err(|_| refused("the signature is wrong"))?;
        part(claims).ok_or_else(|| refused("the token lacks Gong's claims"))
    }

    /// A slash at the end means nothing; a query is compared when the rule's address has one.
    fn is_here(&self, claimed: &str) -> bool {
        let Ok(claimed) = Url::parse(claimed) else {
            return false;
        };
        let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
        claimed.origin() == self.url.origin()
            && path(&claimed) == path(&self.url)
            && (self.url.query().is_none() || claimed.query() == self.url.query())
    }
}

fn part<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Auth, format!("webhook: {why}"))
}
