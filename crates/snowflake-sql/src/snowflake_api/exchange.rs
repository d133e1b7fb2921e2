//! Between `snowflake-api` and the network.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use http::Extensions;
use reqwest_middleware::reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest_middleware::reqwest::{Method, Request, Response, Url};
use reqwest_middleware::{Middleware, Next};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::outcome::{Failure, Outcome, Withheld, too_long, unexpected};
use super::outgoing::Outgoing;
use super::reply::{self, Parts, Refusal, Unreadable};
use crate::fault::{answered, cut, part_answered, refused, refused_login, unrepeatable_login};
use crate::{Credentials, Error};

/// Where `snowflake-api` is told that parts of results are; no host can have the name.
const PARTS: &str = "parts.invalid";

/// One session's talk with Snowflake: what it is about to send, and what came of it.
pub(super) struct Exchange {
    base_url: Url,
    parameters: Map<String, Value>,
    /// To know them, should a server repeat them.
    credentials: Credentials,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<SecretString>,
    outgoing: Option<Outgoing>,
    outcome: Option<Outcome>,
    parts: Parts,
}

impl Exchange {
    pub(super) fn new(
        base_url: Url,
        parameters: Map<String, Value>,
        credentials: Credentials,
    ) -> Self {
        Self {
            base_url,
            parameters,
            credentials,
            state: Mutex::default(),
        }
    }

    pub(super) fn is_logged_in(&self) -> bool {
        self.state().token.is_some()
    }

    /// What the next request for a statement is about.
    pub(super) fn prepare(&self, outgoing: Outgoing) {
        let mut state = self.state();
        state.outgoing = Some(outgoing);
        state.outcome = None;
        state.parts = Parts::default();
    }

    /// What has come of the request since.
    pub(super) fn take_outcome(&self) -> Option<Outcome> {
        self.state().outcome.take()
    }

    /// A panic elsewhere cannot leave the state half written.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a path of Snowflake's is, whatever host `snowflake-api` thinks it is on.
    fn redirect(&self, request: &mut Request) {
        let mut url = self.base_url.clone();
        url.set_path(request.url().path());
        url.set_query(request.url().query());
        *request.url_mut() = url;
    }

    fn authorize(&self, request: &mut Request) -> Result<(), Failure> {
        let state = self.state();
        let token = state.token.as_ref().ok_or_else(unexpected)?;
        let text = format!("Snowflake Token=\"{}\"", token.expose_secret());
        let mut value = HeaderValue::try_from(text).map_err(|_| Unreadable)?;
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }

    async fn login(&self, mut request: Request, send: Send<'_>) -> Result<Response, Failure> {
        if self.is_logged_in() {
            // It would be another session, without the transaction of this one.
            return Err(unexpected());
        }
        let mut body: Value = read(&request)?;
        let parameters = body
            .pointer_mut("/data/SESSION_PARAMETERS")
            .and_then(Value::as_object_mut)
            .ok_or_else(unexpected)?;
        parameters.extend(self.parameters.clone());
        *request.body_mut() = Some(body.to_string().into());
        self.redirect(&mut request);
        let body = send.ask_snowflake(request).await?;
        match reply::of_login(&body)? {
            Ok(token) => self.state().token = Some(token.into()),
            Err(refusal) => return Err(Failure::ended(self.refused_login(&refusal))),
        }
        // A token that never expires: `snowflake-api` would renew by its own clock, and
        // where that fails log in again as if nothing had been. Snowflake says when the
        // token ends, and then the session does.
        Ok(answer(&json!({
            "success": true, "code": null, "message": null,
            "data": {
                "sessionId": 0, "token": "", "masterToken": "", "serverVersion": "",
                "sessionInfo": {"roleName": ""},
                "validityInSeconds": -1, "masterValidityInSeconds": -1,
            },
        })))
    }

    fn refused_login(&self, refusal: &Refusal) -> Error {
        let message = refusal.message.as_deref();
        if message.is_some_and(|words| self.credentials.stand_in(words)) {
            return unrepeatable_login();
        }
        match refusal.code.as_deref() {
            Some(code) => refused(Some(code), message, None).context("login"),
            None => refused_login(message),
        }
    }

    async fn statement(&self, mut request: Request, send: Send<'_>) -> Result<Response, Failure> {
        let outgoing = self.state().outgoing.take().ok_or_else(unexpected)?;
        let body = request.body().and_then(|body| body.as_bytes());
        let body = body.and_then(|body| outgoing.complete(body));
        *request.body_mut() = Some(body.ok_or_else(unexpected)?.into());
        self.redirect(&mut request);
        self.authorize(&mut request)?;
        let body = send.ask_snowflake(request).await?;
        let (reply, parts) = match reply::of_statement(&body)? {
            Ok(answered) => answered,
            Err(refusal) if refusal.is_still_running() => {
                return Err(Failure::open(too_long(refusal.query_id)));
            }
            Err(Refusal {
                code,
                message,
                query_id,
            }) => {
                return Err(Failure::ended(refused(
                    code.as_deref(),
                    message.as_deref(),
                    query_id.as_deref(),
                )));
            }
        };
        let chunks: Vec<Value> = (0..parts.addresses.len())
            .map(|place| {
                let url = format!("https://{PARTS}/{place}");
                json!({"url": url, "rowCount": 0, "uncompressedSize": 0})
            })
            .collect();
        let mut state = self.state();
        state.outcome = Some(Outcome::Reply(reply));
        state.parts = parts;
        // An empty first batch and as many parts as there are, which it fetches and
        // returns in their order.
        Ok(answer(&json!({
            "success": true, "code": null, "message": null,
            "data": {
                "parameters": [], "rowtype": [], "rowsetBase64": "", "chunks": chunks,
                "total": chunks.len(), "returned": chunks.len(), "queryId": "",
                "finalRoleName": "", "statementTypeId": 0, "version": 1,
            },
        })))
    }

    async fn part(&self, mut request: Request, send: Send<'_>) -> Result<Response, Failure> {
        let place = request
            .url()
            .path()
            .trim_start_matches('/')
            .parse::<usize>();
        let query_id = {
            let state = self.state();
            let address = place
                .ok()
                .and_then(|place| state.parts.addresses.get(place));
            *request.url_mut() = address.ok_or_else(unexpected)?.clone();
            *request.headers_mut() = state.parts.headers.clone();
            match &state.outcome {
                Some(Outcome::Reply(reply)) => reply.query_id.clone(),
                _ => None,
            }
        };
        let id = query_id.as_deref();
        // The statement itself has ended: it has a result.
        match send.ask(request).await {
            Ok((200, body)) => Ok(Response::from(http::Response::new(body))),
            Ok((status, _)) => Err(Failure::ended(part_answered(status, id))),
            Err(error) => Err(Failure::ended(cut(Some(&error), id))),
        }
    }

    async fn close(&self, mut request: Request, send: Send<'_>) -> Result<Response, Failure> {
        self.redirect(&mut request);
        self.authorize(&mut request)?;
        send.ask_snowflake(request).await?;
        Ok(answer(&json!({"success": true, "data": null})))
    }
}

#[async_trait]
impl Middleware for Exchange {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        let send = Send { extensions, next };
        let path = request.url().path().to_owned();
        let outcome = match (request.method(), path.as_str()) {
            (&Method::GET, _) if request.url().host_str() == Some(PARTS) => {
                self.part(request, send).await
            }
            (&Method::POST, "/session/v1/login-request") => self.login(request, send).await,
            (&Method::POST, "/queries/v1/query-request") => self.statement(request, send).await,
            (&Method::POST, "/session") => self.close(request, send).await,
            _ => Err(unexpected()),
        };
        outcome.map_err(|failure| {
            let mut state = self.state();
            // Of several parts that fail the first counts.
            if !matches!(state.outcome, Some(Outcome::Failure(_))) {
                state.outcome = Some(Outcome::Failure(failure));
            }
            reqwest_middleware::Error::middleware(Withheld)
        })
    }
}

/// The way to the network.
struct Send<'a> {
    extensions: &'a mut Extensions,
    next: Next<'a>,
}

impl Send<'_> {
    async fn ask(self, request: Request) -> reqwest_middleware::Result<(u16, Bytes)> {
        let response = self.next.run(request, self.extensions).await?;
        Ok((response.status().as_u16(), response.bytes().await?))
    }

    async fn ask_snowflake(self, request: Request) -> Result<Bytes, Failure> {
        match self.ask(request).await {
            Ok((200, body)) => Ok(body),
            Ok((status, _)) if status < 500 => Err(Failure::ended(answered(status, None))),
            Ok((status, _)) => Err(Failure::open(answered(status, None))),
            Err(error) => Err(Failure::open(cut(Some(&error), None))),
        }
    }
}

fn read(request: &Request) -> Result<Value, Failure> {
    let body = request.body().and_then(|body| body.as_bytes());
    body.and_then(|body| serde_json::from_slice(body).ok())
        .ok_or_else(unexpected)
}

fn answer(body: &Value) -> Response {
    Response::from(http::Response::new(body.to_string()))
}
