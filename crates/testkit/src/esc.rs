//! A double of Pulumi ESC's REST interface: one environment, opened and read.
//!
//! Replies have the parts that a reader must not use beside those that it needs: expressions,
//! a schema, and traces with overridden secrets.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::Error;
use crate::http::{Delivery, Handler, Listener, Request, Server, WireReply};

/// A running double. It stops when it is dropped.
#[derive(Debug)]
pub struct EscDouble {
    server: Server,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// `organisation/project/environment`.
    environment: String,
    values: Value,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    faults: Vec<(u16, Value)>,
    log: Vec<String>,
}

impl EscDouble {
    /// The token that it takes.
    pub const TOKEN: &'static str = "pul-a-token-that-nobody-may-see";

    /// What stands in traces: a secret that was overridden.
    pub const OVERRIDDEN: &'static str = "an-old-secret-that-nobody-may-see";

    /// Serves one environment, `organisation/project/environment`, with these `values`: plain
    /// JSON, as an environment's definition has it.
    ///
    /// # Errors
    /// `Config` when no port can be bound.
    pub async fn start(environment: &str, values: Value) -> Result<Self, Error> {
        let listener = Listener::bind(0).await?;
        let shared = Arc::new(Shared {
            environment: environment.to_owned(),
            values,
            state: Mutex::default(),
        });
        Ok(Self {
            server: Server::start(listener, Arc::clone(&shared)),
            shared,
        })
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Answers the next request with a status and a body instead.
    pub fn fail_next(&self, status: u16, body: Value) {
        self.shared.lock().faults.push((status, body));
    }

    /// Requests as `METHOD path`, in order.
    pub fn log(&self) -> Vec<String> {
        self.shared.lock().log.clone()
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handler for Shared {
    fn handle(&self, request: Request) -> WireReply {
        let mut state = self.lock();
        let (method, path) = (request.method.as_str(), request.path.as_str());
        state.log.push(format!("{method} {path}"));
        if !state.faults.is_empty() {
            let (status, body) = state.faults.remove(0);
            return reply(status, &body);
        }
        // The word is `token`, not `Bearer`.
        let expected = format!("token {}", EscDouble::TOKEN);
        if request.authorization.as_deref() != Some(expected.as_str()) {
            return refuse(401, "Unauthorized: No credentials provided or are invalid.");
        }
        if request.header("accept") != Some("application/vnd.pulumi+8") {
            return refuse(400, "Bad Request: unsupported API version");
        }
        let base = format!("/api/esc/environments/{}", self.environment);
        match (method, path.strip_prefix(&base)) {
            ("POST", Some("/open" | "/versions/7/open")) => reply(200, &json!({"id": "session-1"})),
            ("GET", Some("/open/session-1" | "/versions/7/open/session-1")) => reply(
                200,
                &json!({
                    "exprs": {"gong": {"literal": EscDouble::OVERRIDDEN}},
                    "properties": properties(&self.values),
                    "schema": {"type": "object"},
                    "executionContext": {"properties": {}},
                }),
            ),
            _ => refuse(404, "Not Found: Environment not found"),
        }
    }
}

/// Values as an open environment shows them.
fn properties(values: &Value) -> Value {
    match values {
        Value::Object(fields) => {
            let fields = fields.iter();
            let evaluated = fields.map(|(name, value)| (name.clone(), evaluated(value)));
            Value::Object(evaluated.collect::<Map<_, _>>())
        }
        Value::Array(values) => values.iter().map(evaluated).collect(),
        other => other.clone(),
    }
}

fn evaluated(value: &Value) -> Value {
    let trace = json!({
        "def": {"environment": "production", "begin": {"line": 1, "column": 1, "byte": 0}},
        "base": {"value": EscDouble::OVERRIDDEN, "secret": true},
    });
    match value {
        Value::Null => json!({"trace": trace}),
        Value::String(text) if text == "(unknown)" => json!({"unknown": true, "trace": trace}),
        other => json!({"value": properties(other), "secret": true, "trace": trace}),
    }
}

fn reply(status: u16, body: &Value) -> WireReply {
    WireReply {
        status,
        headers: vec![("content-type", "application/json".to_owned())],
        body: body.to_string().into_bytes(),
        gzip_from_bytes: None,
        delivery: Delivery::Whole,
    }
}

fn refuse(status: u16, message: &str) -> WireReply {
    reply(status, &json!({"code": status, "message": message}))
}
