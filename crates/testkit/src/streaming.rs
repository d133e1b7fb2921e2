//! A double of Snowpipe Streaming's REST interface: named channels, offsets, and
//! what goes wrong with them.
//!
//! The shapes follow Snowflake's reference; texts of messages are ours. Rows are
//! committed only when a test says so, or every time the status is asked.

use std::collections::BTreeMap;
use std::fmt;
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
    table: String,
    opened: u64,
    sequence: u64,
    committed: Option<String>,
    buffered: Vec<(String, Vec<Value>)>,
    rejected: u64,
}

#[derive(Debug, Default)]
struct State {
    /// By the path that names pipe and channel: channels of two pipes may share a name.
    channels: BTreeMap<String, Channel>,
    rows: Vec<(String, Value)>,
    into: Option<Into>,
    faults: Vec<AppendFault>,
    log: Vec<String>,
    /// Scoped tokens that were given out, and how many of these have expired.
    tokens: u64,
    expired: u64,
    commits_by_itself: bool,
}

/// Takes rows as they are committed: the table, and a row each.
type Committed = dyn Fn(&str, Vec<Value>) + Send + Sync;

struct Into(Box<Committed>);

impl fmt::Debug for Into {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Into")
    }
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

    /// Leaves out the faults that nothing has met yet.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Committed rows of all tables, in order.
    pub fn rows(&self) -> Vec<Value> {
        let state = self.shared.lock();
        state.rows.iter().map(|(_, row)| row.clone()).collect()
    }

    /// Hands rows on as they are committed, such as to something that runs SQL over them.
    /// The reply that says so waits for it.
    pub fn commit_into(&self, into: impl Fn(&str, Vec<Value>) + Send + Sync + 'static) {
        self.shared.lock().into = Some(Into(Box::new(into)));
    }

    /// Requests as `METHOD path`, in order.
    pub fn log(&self) -> Vec<String> {
        self.shared.lock().log.clone()
    }

    /// Commits what is buffered, as Snowflake does when it likes.
    pub fn commit(&self) {
        self.shared.lock().commit();
    }

    /// Ends the scoped tokens that were given out.
    pub fn expire_tokens(&self) {
        let mut state = self.shared.lock();
        state.expired = state.tokens;
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
            _ if !state.takes(&bearer) => refuse(401, "INVALID_TOKEN"),
            ("PUT", path) if path.contains("/channels/") => open(&mut state, path),
            ("POST", path) if path.ends_with("/rows") => append(&mut state, &request),
            ("POST", path) if path.ends_with(":bulk-channel-status") => status(&mut state, path),
            _ => refuse(404, "NOT_FOUND"),
        }
    }
}

fn open(state: &mut State, path: &str) -> WireReply {
    let (pipe, _) = path.split_once("/channels/").unwrap_or_default();
    let channel = state.channels.entry(path.to_owned()).or_default();
    let pipe = pipe.rsplit('/').next().unwrap_or_default();
    channel.table = pipe.trim_end_matches("-STREAMING").to_owned();
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
    let path = request.path.replace("/streaming/data/", "/streaming/");
    let path = path.trim_end_matches("/rows");
    let Some(channel) = state.channels.get_mut(path) else {
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
            state.expired = state.tokens;
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

impl State {
    fn takes(&self, bearer: &str) -> bool {
        let number = bearer.strip_prefix("scoped-").map(str::parse::<u64>);
        matches!(number, Some(Ok(number)) if number > self.expired && number <= self.tokens)
    }

    fn commit(&mut self) {
        for channel in self.channels.values_mut() {
            for (last, rows) in channel.buffered.drain(..) {
                if let Some(Into(into)) = &self.into {
                    into(&channel.table, rows.clone());
                }
                let of_table = rows.into_iter().map(|row| (channel.table.clone(), row));
                self.rows.extend(of_table);
                channel.committed = Some(last);
            }
        }
    }
}

fn status(state: &mut State, path: &str) -> WireReply {
    if state.commits_by_itself {
        state.commit();
    }
    let of_pipe = format!(
        "{}/channels/",
        path.trim_end_matches(":bulk-channel-status")
    );
    let statuses: serde_json::Map<String, Value> = state
        .channels
        .iter()
        .filter_map(|(path, channel)| {
            let name = path.strip_prefix(&of_pipe)?;
            Some((name.to_owned(), status_of(channel, "rows_errors")))
        })
        .collect();
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
