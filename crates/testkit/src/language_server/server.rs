//! The server: authentication, answers, and a log of requests.

use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::chat::{DONE, ModelAnswer, complaint, stream};
use super::embeddings;
use super::failure::Failure;
use super::honest_model::honest_answer;
use super::request::{ChatRequest, ReceivedRequest};
use super::shape::Shape;
use crate::Error;
use crate::http::{Delivery, Handler, Listener, Request, Server, WireReply};

/// Token that a server accepts unless told otherwise.
pub const DEFAULT_TOKEN: &str = "language-server-token";

/// A running server. It stops when it is dropped.
///
/// ```
/// use testkit::language_server::{LanguageServer, ModelAnswer, Shape};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), testkit::Error> {
/// let server = LanguageServer::start(Shape::OpenAi).await?;
/// server.when_asked(|request| ModelAnswer::text(request.model().to_uppercase()));
/// assert!(server.url().ends_with("/v1"));
/// assert!(server.requests().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LanguageServer {
    server: Server,
    shared: Arc<Shared>,
}

type Script = Arc<dyn Fn(&ChatRequest) -> ModelAnswer + Send + Sync>;

struct Shared {
    shape: Shape,
    changing: Mutex<Changing>,
}

struct Changing {
    script: Script,
    tokens: Vec<String>,
    failures: VecDeque<Failure>,
    refused_text: Option<String>,
    requests: Vec<ReceivedRequest>,
}

impl LanguageServer {
    /// Starts one that answers honestly and accepts [`DEFAULT_TOKEN`].
    ///
    /// # Errors
    /// `Config` when no port can be bound.
    pub async fn start(shape: Shape) -> Result<Self, Error> {
        let shared = Arc::new(Shared {
            shape,
            changing: Mutex::new(Changing {
                script: Arc::new(honest_answer),
                tokens: vec![DEFAULT_TOKEN.to_owned()],
                failures: VecDeque::new(),
                refused_text: None,
                requests: Vec::new(),
            }),
        });
        let server = Server::start(Listener::bind(0).await?, Arc::clone(&shared));
        Ok(Self { server, shared })
    }

    /// The address to give to a client.
    pub fn url(&self) -> String {
        match self.shared.shape {
            Shape::Snowflake => self.server.url(),
            Shape::OpenAi => format!("{}/v1", self.server.url()),
        }
    }

    /// What the model says from now on.
    pub fn when_asked(&self, script: impl Fn(&ChatRequest) -> ModelAnswer + Send + Sync + 'static) {
        self.shared.lock().script = Arc::new(script);
    }

    /// Accepts these tokens only; with none, requests need none.
    pub fn accept_tokens<T: Into<String>>(&self, tokens: impl IntoIterator<Item = T>) {
        self.shared.lock().tokens = tokens.into_iter().map(Into::into).collect();
    }

    /// What happens to the next requests, in order. Failures that wait before are
    /// forgotten.
    pub fn fail_next(&self, failures: impl IntoIterator<Item = Failure>) {
        self.shared.lock().failures = failures.into_iter().collect();
    }

    /// Refuses every request with this text in it, with status 400.
    pub fn refuse_text(&self, text: impl Into<String>) {
        self.shared.lock().refused_text = Some(text.into());
    }

    /// Every request since the start, in order of arrival.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.lock().requests.clone()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request, body: &Value) -> WireReply {
        let (script, failure, tokens, refused_text) = {
            let mut changing = self.lock();
            let failure = changing.failures.pop_front();
            (
                Arc::clone(&changing.script),
                failure,
                changing.tokens.clone(),
                changing.refused_text.clone(),
            )
        };
        if !is_authorized(request.authorization.as_deref(), &tokens) {
            return self.refused(401, "authentication failed");
        }
        if request.method != "POST" {
            return self.refused(405, "only POST");
        }
        if refused_text.is_some_and(|text| request.body.contains(&text)) {
            return self.refused(400, "a text is refused");
        }
        if request.path == self.shape.embed_path() {
            return match (failure, embeddings::answer(self.shape, body)) {
                (Some(failure), Ok(reply)) => failed(failure, &reply.to_string(), None),
                (Some(failure), Err(_)) => failed(failure, "", None),
                (None, Ok(reply)) => json_reply(200, &reply),
                (None, Err(message)) => self.refused(400, &message),
            };
        }
        if request.path != self.shape.chat_path() {
            return self.refused(404, "no such path");
        }
        let chat = ChatRequest::new(body.clone());
        if let Some(message) = complaint(self.shape == Shape::Snowflake, &chat) {
            return self.refused(400, &message);
        }
        let answer = script(&chat);
        if body["stream"] != true {
            let whole = answer.whole(&chat);
            return match failure {
                Some(failure) => failed(failure, &whole.to_string(), None),
                None => json_reply(200, &whole),
            };
        }
        let mut events = answer.text_events(&chat);
        if let Some(failure) = failure {
            let half = stream(&events[..events.len() / 2]);
            return failed(failure, &stream(&events), Some(half));
        }
        events.extend(answer.closing_events(&chat));
        event_stream(stream(&events) + DONE)
    }

    fn refused(&self, status: u16, message: &str) -> WireReply {
        let body = match self.shape {
            Shape::Snowflake => json!({"message": message, "request_id": "0a1b-2c3d"}),
            Shape::OpenAi => {
                json!({"error": {"message": message, "type": "invalid_request_error"}})
            }
        };
        json_reply(status, &body)
    }
}

impl Handler for Shared {
    fn handle(&self, request: Request) -> WireReply {
        let body = serde_json::from_str(&request.body).unwrap_or(Value::Null);
        let reply = self.answer(&request, &body);
        self.lock().requests.push(ReceivedRequest {
            token_type: request
                .header("x-snowflake-authorization-token-type")
                .map(str::to_owned),
            path: request.path,
            authorization: request.authorization,
            body,
            status: reply.status,
        });
        reply
    }
}

impl Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

/// As a bearer token, or as a session token is sent.
fn is_authorized(authorization: Option<&str>, tokens: &[String]) -> bool {
    let is_one = |header: &str| {
        tokens.iter().any(|token| {
            header == format!("Bearer {token}") || header == format!("Snowflake Token=\"{token}\"")
        })
    };
    tokens.is_empty() || authorization.is_some_and(is_one)
}

/// A failure; `whole` is what would have been sent, `half` half of it in whole events.
pub(crate) fn failed(failure: Failure, whole: &str, half: Option<String>) -> WireReply {
    match failure {
        Failure::Status {
            status,
            body,
            retry_after,
        } => {
            let mut reply = json_reply(status, &body);
            let retry_after = retry_after.map(|seconds| ("retry-after", seconds.to_string()));
            reply.headers.extend(retry_after);
            reply
        }
        Failure::InsideSuccess(body) => json_reply(200, &body),
        Failure::MidStream(event) => match half {
            Some(half) => event_stream(format!("{half}data: {event}\n\n")),
            None => json_reply(200, &event),
        },
        Failure::HalfStream => event_stream(half.unwrap_or_default()),
        Failure::Cut => WireReply {
            delivery: Delivery::Cut,
            ..match half {
                Some(_) => event_stream(whole.to_owned()),
                None => reply(200, "application/json", whole.to_owned()),
            }
        },
        Failure::Disconnect => WireReply {
            delivery: Delivery::None,
            ..event_stream(String::new())
        },
        Failure::LoginPage => {
            let page = "<html><body><form action=\"/login\">Log in</form></body></html>";
            reply(200, "text/html", page.to_owned())
        }
    }
}

pub(crate) fn json_reply(status: u16, body: &Value) -> WireReply {
    reply(status, "application/json", body.to_string())
}

fn event_stream(body: String) -> WireReply {
    reply(200, "text/event-stream; charset=utf-8", body)
}

fn reply(status: u16, content_type: &str, body: String) -> WireReply {
    WireReply {
        status,
        headers: vec![("content-type", content_type.to_owned())],
        body: body.into_bytes(),
        gzip_from_bytes: None,
        delivery: Delivery::Whole,
    }
}
