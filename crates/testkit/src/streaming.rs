//! A double of Snowpipe Streaming's REST interface: named channels, offsets, and
//! what goes wrong with them.
//!
//! The shapes follow Snowflake's reference; texts of messages are ours. Rows are
//! committed only when a test says so, or every time the status is asked.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::Error;
use crate::http::{Delivery, Handler, Listener, Request, Server, WireReply};

/// What happens to the next append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendFault {
    /// Answered with this status, and not carried out.
    Status(u16),
    /// Carried out, and the connection closes before the reply.
    LostReply,
    /// Not carried out, and the connection closes.
    LostRequest,
    /// Somebody else opens the channel first: the tokens are stale.
    TakenOver,
    /// The scoped token has expired.
    ExpiredToken,
    /// Taken, but its rows do not fit the table.
    Rejected,
}

#[derive(Debug, Default)]
struct Channel {
    opened: u64,
    sequence: u64,
    committed: Option<String>,
    buffered: Vec<(String, Vec<Value>)>,
    rejected: u64,
}

#[derive(Debug, Default)]
struct State {
    channels: BTreeMap<String, Channel>,
    rows: Vec<Value>,
    faults: Vec<AppendFault>,
    log: Vec<String>,
    tokens: u64,
    commits_by_itself: bool,
}

/// A running double. It stops when it is dropped.
#[derive(Debug)]
pub struct StreamingDouble {
    server: Server,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    host: String,
}

impl StreamingDouble {
    /// The token that the account takes.
    pub const TOKEN: &'static str = "the-users-token";

    /// Starts one that commits what it holds whenever its status is asked.
    ///
    /// # Errors
    /// `Config` when no port can be bound.
    pub async fn start() -> Result<Self, Error> {
        let listener = Listener::bind(0).await?;
        let shared = Arc::new(Shared {
            host: format!("127.0.0.1:{}", listener.port()),
            state: Mutex::new(State {
                commits_by_itself: true,
                ..State::default()
            }),
        });
        Ok(Self {
            server: Server::start(listener, Arc::clone(&shared)),
            shared,
        })
    }

    /// The account's address.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// What befalls the next appends, one each.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = AppendFault>) {
        self.shared.lock().faults.extend(faults);
    }

    /// Rows in the table, in order.
    pub fn rows(&self) -> Vec<Value> {
        self.shared.lock().rows.clone()
    }

    /// Requests as `METHOD path`, in order.
    pub fn log(&self) -> Vec<String> {
        self.shared.lock().log.clone()
    }

    /// Whether asking for the status commits what is buffered.
    pub fn commit_by_itself(&self, yes: bool) {
        self.shared.lock().commits_by_itself = yes;
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handler for Shared {
    fn handle(&self, request: Request) -> WireReply {
        let mut state = self.lock();
        state
            .log
            .push(format!("{} {}", request.method, request.path));
        let bearer = request
            .authorization
            .as_deref()
            .and_then(|value| value.strip_prefix("Bearer "))
            .unwrap_or_default()
            .to_owned();
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/v2/streaming/hostname") if bearer == StreamingDouble::TOKEN => {
                reply(200, &json!({ "hostname": self.host }))
            }
            ("POST", "/oauth/token") if bearer == StreamingDouble::TOKEN => {
                state.tokens += 1;
                let token = format!("scoped-{}", state.tokens);
                reply(200, &json!({ "token": token }))
            }
            _ if bearer != format!("scoped-{}", state.tokens) => refuse(401, "INVALID_TOKEN"),
            ("PUT", path) if path.contains("/channels/") => open(&mut state, path),
            ("POST", path) if path.ends_with("/rows") => append(&mut state, &request),
            ("POST", path) if path.ends_with(":bulk-channel-status") => status(&mut state),
            _ => refuse(404, "NOT_FOUND"),
        }
    }
}

fn open(state: &mut State, path: &str) -> WireReply {
    let name = path.rsplit('/').next().unwrap_or_default();
    let channel = state.channels.entry(name.to_owned()).or_default();
    channel.opened += 1;
    channel.sequence = 0;
    // As the reference says: what is in flight is discarded.
    channel.buffered.clear();
    reply(
        200,
        &json!({
            "next_continuation_token": token(channel),
            "channel_status": status_of(channel, "rows_error_count"),
        }),
    )
}

fn append(state: &mut State, request: &Request) -> WireReply {
    let fault = (!state.faults.is_empty()).then(|| state.faults.remove(0));
    let query: BTreeMap<String, String> = url::form_urlencoded::parse(request.query.as_bytes())
        .into_owned()
        .collect();
    let name = request
        .path
        .rsplit('/')
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let Some(channel) = state.channels.get_mut(&name) else {
        return refuse(404, "CHANNEL_NOT_FOUND");
    };
    match fault {
        Some(AppendFault::Status(status)) => return refuse(status, "ERROR"),
        Some(AppendFault::LostRequest) => return lost(),
        Some(AppendFault::TakenOver) => {
            channel.opened += 1;
            channel.buffered.clear();
        }
        Some(AppendFault::ExpiredToken) => {
            state.tokens += 1;
            return refuse(401, "INVALID_TOKEN");
        }
        _ => {}
    }
    if query.get("continuationToken") != Some(&token(channel)) {
        return refuse(400, "STALE_CONTINUATION_TOKEN_SEQUENCER");
    }
    let mut text = String::new();
    if GzDecoder::new(&request.raw[..])
        .read_to_string(&mut text)
        .is_err()
    {
        return refuse(400, "INVALID_PAYLOAD");
    }
    let rows: Result<Vec<Value>, _> = text.lines().map(serde_json::from_str).collect();
    let (Ok(rows), Some(last)) = (rows, query.get("endOffsetToken")) else {
        return refuse(400, "INVALID_PAYLOAD");
    };
    channel.sequence += 1;
    if fault == Some(AppendFault::Rejected) {
        channel.rejected += rows.len() as u64;
        channel.buffered.push((last.clone(), Vec::new()));
    } else {
        channel.buffered.push((last.clone(), rows));
    }
    match fault {
        Some(AppendFault::LostReply) => lost(),
        _ => reply(200, &json!({ "next_continuation_token": token(channel) })),
    }
}

fn status(state: &mut State) -> WireReply {
    let mut statuses = serde_json::Map::new();
    for (name, channel) in &mut state.channels {
        if state.commits_by_itself {
            for (last, rows) in channel.buffered.drain(..) {
                state.rows.extend(rows);
                channel.committed = Some(last);
            }
        }
        statuses.insert(name.clone(), status_of(channel, "rows_errors"));
    }
    reply(200, &json!({ "channel_statuses": statuses }))
}

fn status_of(channel: &Channel, rejected: &str) -> Value {
    json!({
        "channel_status_code": "ACTIVE",
        "last_committed_offset_token": channel.committed,
        rejected: channel.rejected,
        "last_error_offset_upper_bound": (channel.rejected > 0).then(|| channel.committed.clone()),
    })
}

fn token(channel: &Channel) -> String {
    format!("{}_{}", channel.opened, channel.sequence)
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

fn refuse(status: u16, code: &str) -> WireReply {
    reply(status, &json!({ "code": code, "message": "refused" }))
}

fn lost() -> WireReply {
    WireReply {
        delivery: Delivery::None,
        ..reply(200, &Value::Null)
    }
}
