//! Settings from Pulumi ESC: an environment is opened over its REST API, and read once.
//!
//! A reply holds more than values: expressions, and under `trace` what was overridden, which may
//! be an old secret. Only values are decoded, and no reply is ever repeated.

use std::collections::BTreeMap;
use std::time::Duration;

use outbound::reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use outbound::secrecy::ExposeSecret;
use outbound::{Attempts, HttpClient, HttpSettings, SecretString, Token, TokenKind, Url};
use resilience::{ErrorKind, RetryPolicy};
use serde::Deserialize;

use crate::settings::error::Error;
use crate::settings::folder::{unknown, variable_of};
use crate::settings::known::of_variable;
use crate::settings::origin::Origin;
use crate::settings::problem::Problem;
use crate::settings::values::{Layer, Values, give};

mod environment;

pub use environment::EscEnvironment;

const ENVIRONMENT: &str = "GONG_SNOWFLAKE_ESC_ENVIRONMENT";
const VALUES: &str = "GONG_SNOWFLAKE_ESC_VALUES";
const TOKEN: &str = "PULUMI_ACCESS_TOKEN";
const BACKEND: &str = "PULUMI_BACKEND_URL";

/// The version of Pulumi's API.
const API: &str = "application/vnd.pulumi+8";

/// Most characters of Pulumi's own words in a message.
const MOST_WORDS: usize = 300;

/// What an open environment is read for.
#[derive(Deserialize)]
struct Opened {
    #[serde(default)]
    properties: BTreeMap<String, Evaluated>,
}

#[derive(Deserialize)]
struct Session {
    id: String,
}

/// A value; absent for null.
#[derive(Deserialize)]
struct Evaluated {
    #[serde(default)]
    value: Content,
    #[serde(default)]
    unknown: bool,
}

#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Content {
    #[default]
    Null,
    Flag(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Evaluated>),
    Object(BTreeMap<String, Evaluated>),
}

impl Evaluated {
    /// As the other sources write it; `None` for what no setting can be.
    fn text(&self) -> Option<String> {
        Some(match &self.value {
            Content::Null => String::new(),
            Content::Flag(flag) => flag.to_string(),
            Content::Number(number) => number.to_string(),
            Content::Text(text) => text.clone(),
            Content::List(values) => {
                let texts: Option<Vec<String>> = values.iter().map(Self::text).collect();
                serde_json::json!(texts?).to_string()
            }
            Content::Object(_) => return None,
        })
    }
}

/// The settings in the environment that `known` names; none where it names none.
pub(super) async fn read(known: &Values, problems: &mut Vec<Problem>) -> Result<Layer, Error> {
    if !known.is_set(ENVIRONMENT) {
        return Ok(Layer::new());
    }
    let environment: EscEnvironment = known.read(ENVIRONMENT)?;
    let values: Option<String> = known.read(VALUES)?;
    let name = known.text(ENVIRONMENT).unwrap_or_default().trim();
    let opened = open(known, &environment).await?;
    let key = values.unwrap_or_else(|| environment.project.clone());
    let Some(Content::Object(settings)) = opened.properties.get(&key).map(|found| &found.value)
    else {
        let there: Vec<&str> = opened.properties.keys().map(String::as_str).collect();
        let message = format!("{name} has no values under {key}, but {}", there.join(", "));
        let advice = format!("write the settings below values.{key}, or set {VALUES}");
        problems.push(Problem::new(known.name(ENVIRONMENT), message).advise(advice));
        return Ok(Layer::new());
    };
    let mut layer = Layer::new();
    for (key, evaluated) in settings {
        let origin = Origin::Esc {
            environment: name.to_owned(),
            key: key.clone(),
        };
        let variable = variable_of(key);
        let Some(setting) = of_variable(&variable) else {
            problems.extend(unknown(key, &variable).map(|problem| problem.at(&origin)));
            continue;
        };
        let wrong = |why: &str| Problem::new(setting.variable, why).at(&origin);
        match evaluated.text() {
            // Both say where else to read: it is too late for that here.
            _ if matches!(setting.section, "esc" | "secrets") => {
                problems.push(wrong("cannot be set in Pulumi ESC"));
            }
            _ if evaluated.unknown => problems.push(wrong("was not evaluated by Pulumi ESC")),
            Some(text) => layer.extend(give(setting, text, origin)),
            None => problems.push(wrong("is not a value, but an object")),
        }
    }
    Ok(layer)
}

async fn open(known: &Values, environment: &EscEnvironment) -> Result<Opened, Error> {
    let base: Url = known.read(BACKEND)?;
    let token: SecretString = known.read(TOKEN)?;
    let settings = known.http().map_err(Error::from_below)?;
    let mut policy = RetryPolicy::default();
    policy.max_attempts = 4;
    policy.total_budget = Duration::from_secs(30);
    let client = Client::new(base, &token, &settings, policy)?;
    client.open(environment).await
}

fn undecodable() -> Error {
    let message = "Pulumi ESC: the reply is not what an environment looks like";
    Error::new(ErrorKind::Decode, message).with_field(BACKEND)
}

struct Client {
    http: HttpClient,
    base: Url,
    token: Token,
    policy: RetryPolicy,
}

impl Client {
    fn new(
        base: Url,
        token: &SecretString,
        settings: &HttpSettings,
        policy: RetryPolicy,
    ) -> Result<Self, Error> {
        let token = Token::new(TokenKind::Plain, token.expose_secret().trim().to_owned());
        let token = token.map_err(|error| Error::from_below(error).with_field(TOKEN))?;
        let http = HttpClient::new("pulumi-esc", &base, settings);
        let http = http.map_err(|error| Error::from_below(error).with_field(BACKEND))?;
        Ok(Self {
            http,
            base,
            token,
            policy,
        })
    }

    async fn open(&self, environment: &EscEnvironment) -> Result<Opened, Error> {
        let path = environment.path();
        let session: Session = self.ask(true, &path).await?;
        let id = outbound::identifier(&session.id).ok_or_else(undecodable)?;
        self.ask(false, &format!("{path}/{id}")).await
    }

    /// Opens (`POST`), or reads (`GET`). A session that nobody reads ends by itself, so both are
    /// tried again.
    async fn ask<T: for<'de> Deserialize<'de>>(&self, opens: bool, path: &str) -> Result<T, Error> {
        let attempts = Attempts::of(if opens { "open" } else { "values" });
        let ask = || self.ask_once(opens, path, &attempts);
        self.http.retry(&self.policy, &attempts, ask).await
    }

    async fn ask_once<T: for<'de> Deserialize<'de>>(
        &self,
        opens: bool,
        path: &str,
        attempts: &Attempts<'_>,
    ) -> Result<T, Error> {
        let address = outbound::address(&self.base, path);
        let request = match opens {
            true => self.http.request(outbound::reqwest::Method::POST, address),
            false => self.http.get(address),
        };
        let secret = self.token.secret().expose_secret();
        let header = HeaderValue::from_str(&format!("token {secret}"));
        let mut header = header.map_err(|_| Error::config(TOKEN, "cannot be sent in a header"))?;
        header.set_sensitive(true);
        let request = request
            .header(AUTHORIZATION, header)
            .header(ACCEPT, API)
            .header(CONTENT_TYPE, "application/json");
        let out_of_reach = |error: outbound::Error| {
            let error = Error::from_below(error).context("Pulumi ESC");
            match error.field() {
                Some(_) => error,
                None => error.with_field(BACKEND),
            }
        };
        let sent = self.http.send(attempts, request).await;
        let mut reply = sent.map_err(out_of_reach)?;
        reply.note_trace_id("x-pulumi-request-id", &self.token);
        if reply.is_success() {
            let body = reply.whole().await.map_err(out_of_reach)?;
            // An error of the decoder repeats what it found.
            return serde_json::from_slice(&body).map_err(|_| undecodable());
        }
        let (status, wait) = (reply.status(), reply.retry_after());
        let body = reply.start().await;
        Err(self.refusal(status, &body).with_retry_after(wait))
    }

    /// What a status means, in Pulumi's words.
    fn refusal(&self, status: u16, body: &[u8]) -> Error {
        let words = words(body).unwrap_or_default();
        let words = self.token.redacted(&words, MOST_WORDS);
        let (kind, field, what) = match status {
            300..=399 => (ErrorKind::Config, BACKEND, "sends elsewhere"),
            400 => (ErrorKind::Config, ENVIRONMENT, "cannot be evaluated"),
            401 => (ErrorKind::Auth, TOKEN, "is refused by Pulumi"),
            403 => (
                ErrorKind::Permission,
                ENVIRONMENT,
                "may not be opened with this token",
            ),
            404 => (
                ErrorKind::NotFound,
                ENVIRONMENT,
                "does not exist, or not for this token",
            ),
            429 => (
                ErrorKind::RateLimited,
                BACKEND,
                "has no room for more requests",
            ),
            500.. => (ErrorKind::Transient, BACKEND, "fails"),
            _ => (ErrorKind::Internal, BACKEND, "answers what nobody expects"),
        };
        let message = match words.is_empty() {
            true => format!("{what} (status {status})"),
            false => format!("{what} (status {status}): {words}"),
        };
        Error::new(kind, message).with_field(field)
    }
}

/// The message of an error, and what the diagnostics say with their lines.
fn words(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Refused {
        #[serde(default)]
        message: String,
        #[serde(default)]
        diagnostics: Vec<Diagnostic>,
    }
    #[derive(Deserialize)]
    struct Diagnostic {
        #[serde(default)]
        summary: String,
        range: Option<Range>,
    }
    #[derive(Deserialize)]
    struct Range {
        #[serde(default)]
        environment: String,
        begin: Begin,
    }
    #[derive(Deserialize)]
    struct Begin {
        line: u64,
        column: u64,
    }
    let refused: Refused = serde_json::from_slice(body).ok()?;
    let found = refused.diagnostics.into_iter().map(|found| {
        let place = found.range.map_or_else(String::new, |range| {
            let Begin { line, column } = range.begin;
            format!(" ({}, line {line}, column {column})", range.environment)
        });
        format!("{}{place}", found.summary)
    });
    let said: Vec<String> = std::iter::once(refused.message).chain(found).collect();
    let said = said.into_iter().filter(|words| !words.is_empty());
    Some(said.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use testkit::conformance::outbound::{AnyFailure, Asked, OutboundClient, retry_policy, run};

    use super::*;

    struct Environment;

    #[async_trait]
    impl OutboundClient for Environment {
        fn name(&self) -> &'static str {
            "pulumi-esc"
        }

        fn secrets(&self) -> Vec<String> {
            vec!["pul-5f0c2d9e1b7a4c83".to_owned()]
        }

        fn private_words(&self) -> Vec<String> {
            vec!["session-of-this-run".to_owned()]
        }

        fn refusal(&self, status: u16) -> ErrorKind {
            match status {
                400 => ErrorKind::Config,
                _ => ErrorKind::Permission,
            }
        }

        fn good_reply(&self, _: &Asked, _: &str) -> String {
            r#"{"id": "session-of-this-run", "properties": {}}"#.to_owned()
        }

        async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure> {
            let environment: EscEnvironment = "acme/gong/production".parse().unwrap();
            let base: Url = base_url.parse().unwrap();
            let token = self.secrets().remove(0).into();
            let opened = async {
                let client = Client::new(base, &token, &settings, retry_policy())?;
                client.open(&environment).await
            };
            let opened = opened.await.map(drop);
            opened.map_err(|error| Box::new(error) as AnyFailure)
        }
    }

    #[tokio::test]
    async fn it_is_a_client_like_the_others() {
        run(
            Environment,
            "settings::esc::tests::it_is_a_client_like_the_others",
        )
        .await;
    }
}
