//! An app that is registered with Gong. For callers that have its client id and secret.

use jiff::{SignedDuration, Timestamp};
use outbound::reqwest::Method;
use outbound::reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use outbound::{Attempts, HttpClient, HttpSettings, Token};
use resilience::ErrorKind;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

use super::Grant;
use crate::{Error, Result};

/// What spans call its client.
const NAME: &str = "gong-oauth";
const GONG: &str = "https://app.gong.io";
const AUTHORIZE: &str = "/oauth2/authorize";
/// Fields of a request that are good for tokens.
const SECRETS: [&str; 2] = ["code", "refresh_token"];
const TOKEN: &str = "/oauth2/generate-customer-token";

/// An app, by its registration at Gong. `Debug` shows no secret.
#[derive(Debug)]
pub struct OAuthApp {
    client_id: String,
    authorization: Token,
    secret: SecretString,
    redirect_uri: String,
    base: Url,
    http: HttpClient,
}

impl OAuthApp {
    /// An app; `redirect_uri` is one of those that Gong knows of it.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) when TLS cannot be set up.
    pub fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Result<Self> {
        Self::at(GONG, client_id, client_secret, redirect_uri)
    }

    /// The same at another address than Gong's, for tests.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) on `base_url` where no secret may be sent to it.
    pub fn at(
        base_url: &str,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Result<Self> {
        let base = outbound::parse_base_url(base_url, GONG)
            .map_err(|why| Error::config("base_url", why.to_string()))?;
        let client_id = client_id.into();
        let secret = SecretString::from(client_secret.into());
        Ok(Self {
            authorization: Token::basic(&SecretString::from(client_id.clone()), &secret),
            secret,
            client_id,
            redirect_uri: redirect_uri.into(),
            http: HttpClient::new(NAME, &base, &HttpSettings::default())?,
            base,
        })
    }

    /// Limits, and private certificate authorities. For callers behind a proxy that looks into
    /// TLS.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) when TLS cannot be set up.
    pub fn with_http(mut self, settings: &HttpSettings) -> Result<Self> {
        self.http = HttpClient::new(NAME, &self.base, settings)?;
        Ok(self)
    }

    /// Where to send an administrator of the company. Gong sends `state` back with the code:
    /// make it unguessable, keep it in their session, and refuse a code that comes with another.
    pub fn authorization_url(&self, scopes: &[&str], state: &str) -> Url {
        let mut url = outbound::address(&self.base, AUTHORIZE);
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("response_type", "code")
            .append_pair("scope", &scopes.join(" "))
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("state", state);
        url
    }

    /// A grant for a code, within ten minutes.
    ///
    /// # Errors
    /// [`Auth`](ErrorKind::Auth) when Gong refuses the code or the app; else as a request has.
    pub async fn exchange(&self, code: &str) -> Result<Grant> {
        self.grant(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
        ])
        .await
    }

    /// The next grant. The token is used up by it, even when the reply is lost, so this is not
    /// repeated.
    ///
    /// # Errors
    /// [`Auth`](ErrorKind::Auth) when the token was used before.
    pub(super) async fn refresh(&self, refresh_token: &str) -> Result<Grant> {
        self.grant(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ])
        .await
    }

    async fn grant(&self, fields: &[(&str, &str)]) -> Result<Grant> {
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .http
            .request(Method::POST, outbound::address(&self.base, TOKEN));
        let request = request
            .header(AUTHORIZATION, self.authorization.header()?)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        let attempts = Attempts::of(TOKEN);
        let asked = Timestamp::now();
        let mut reply = self.http.send(&attempts, request).await?;
        let status = reply.status();
        if reply.is_success() {
            let body = reply.whole().await?;
            let body = serde_json::from_slice(&body).ok();
            let grant = body.as_ref().and_then(|body| read(body, asked));
            return grant.ok_or_else(|| {
                Error::new(
                    ErrorKind::Decode,
                    format!("{TOKEN}: the reply is not a grant"),
                )
            });
        }
        let body: Option<Value> = serde_json::from_slice(&reply.start().await).ok();
        let word = body.as_ref().and_then(|body| body.get("error")?.as_str());
        let secrets = fields.iter().filter(|(name, _)| SECRETS.contains(name));
        let secrets = secrets.map(|(_, value)| SecretString::from(*value));
        let mut secrets = secrets.chain([self.secret.clone(), self.authorization.secret().clone()]);
        let word = word.filter(|word| !secrets.any(|secret| outbound::gives_away(word, &secret)));
        let word = word
            .and_then(outbound::identifier)
            .unwrap_or("no reason given");
        let kind = match status {
            400 | 401 | 403 => ErrorKind::Auth,
            429 => ErrorKind::RateLimited,
            500.. => ErrorKind::Transient,
            _ => ErrorKind::Config,
        };
        let message = format!("{TOKEN}: Gong answered {status}: {word}");
        Err(Error::new(kind, message).with_retry_after(reply.retry_after()))
    }
}

fn read(body: &Value, asked: Timestamp) -> Option<Grant> {
    let text =
        |name: &str| Some(body.get(name)?.as_str()?.to_owned()).filter(|text| !text.is_empty());
    let mut grant = Grant::new(
        text("access_token")?,
        // None in the reply: the old one stays.
        text("refresh_token").unwrap_or_default(),
        text("api_base_url_for_customer").unwrap_or_default(),
    );
    let seconds = body.get("expires_in");
    let seconds = seconds.and_then(|seconds| seconds.as_i64().or(seconds.as_str()?.parse().ok()));
    grant.expires_at = seconds.and_then(|s| asked.checked_add(SignedDuration::from_secs(s)).ok());
    grant.scope = text("scope");
    Some(grant)
}
