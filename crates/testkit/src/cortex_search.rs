//! A double of Cortex Search's REST interface: services over rows, queried by words.
//!
//! It follows Snowflake's documentation in what it accepts: the parameters of a query,
//! only columns of the service's source, filters only on attributes, a thousand results
//! at most. Its ranking is ours: rows with more of the query's words come first, and
//! every row is a result, as with nearest neighbours. Numbers are answered as
//! text; the documentation shows neither form.

use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};

use crate::Error;
use crate::http::{Handler, Listener, Request, Server, WireReply};
use crate::language_server::{Failure, failed, json_reply};

/// Token that the double accepts unless told otherwise.
pub const SEARCH_TOKEN: &str = "cortex-search-token";

/// Snowflake's limit for the results of a query.
const MOST_RESULTS: u64 = 1_000;

/// The operators of filters that stand around others.
const JOINING: [&str; 3] = ["@and", "@or", "@not"];

/// The operators of filters that compare a column.
const COMPARING: [&str; 4] = ["@eq", "@contains", "@gte", "@lte"];

/// A running double with one service. It stops when it is dropped.
#[derive(Debug)]
pub struct CortexSearchDouble {
    server: Server,
    shared: Arc<Shared>,
}

/// A service: the column it searches, those it filters by, and its rows.
#[derive(Debug, Clone, Default)]
pub struct SearchedTable {
    /// `database.schema.name`, as stored.
    pub service: String,
    /// The column that is searched.
    pub on: String,
    /// Columns that filters may name.
    pub attributes: Vec<String>,
    /// Rows, each a JSON object of columns.
    pub rows: Vec<Value>,
}

/// A request that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// The body.
    pub body: Value,
    /// `X-Snowflake-Authorization-Token-Type`.
    pub token_type: Option<String>,
    /// The status it was answered with.
    pub status: u16,
}

struct Shared {
    changing: Mutex<Changing>,
}

struct Changing {
    table: SearchedTable,
    tokens: Vec<String>,
    failures: VecDeque<Failure>,
    requests: Vec<SearchRequest>,
}

impl CortexSearchDouble {
    /// Starts one that accepts [`SEARCH_TOKEN`].
    ///
    /// # Errors
    /// `Config` when no port can be bound.
    pub async fn start(table: SearchedTable) -> Result<Self, Error> {
        let shared = Arc::new(Shared {
            changing: Mutex::new(Changing {
                table,
                tokens: vec![SEARCH_TOKEN.to_owned()],
                failures: VecDeque::new(),
                requests: Vec::new(),
            }),
        });
        let server = Server::start(Listener::bind(0).await?, Arc::clone(&shared));
        Ok(Self { server, shared })
    }

    /// The account's address.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// What the service holds from now on, as after a refresh.
    pub fn refresh(&self, rows: Vec<Value>) {
        self.shared.lock().table.rows = rows;
    }

    /// Accepts these tokens only.
    pub fn accept_tokens<T: Into<String>>(&self, tokens: impl IntoIterator<Item = T>) {
        self.shared.lock().tokens = tokens.into_iter().map(Into::into).collect();
    }

    /// What happens to the next requests, in order.
    pub fn fail_next(&self, failures: impl IntoIterator<Item = Failure>) {
        self.shared.lock().failures = failures.into_iter().collect();
    }

    /// Every request since the start, in order of arrival.
    pub fn requests(&self) -> Vec<SearchRequest> {
        self.shared.lock().requests.clone()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request, body: &Value) -> WireReply {
        let mut changing = self.lock();
        let failure = changing.failures.pop_front();
        let is_known = |token: &String| {
            request.authorization.as_deref() == Some(format!("Bearer {token}").as_str())
        };
        if !changing.tokens.iter().any(is_known) {
            return refused(401, "authentication failed");
        }
        if request.method != "POST" || Some(&request.path) != path(&changing.table.service).as_ref()
        {
            return refused(404, "no such service");
        }
        let answered = match search(&changing.table, body) {
            Ok(results) => json!({"results": results, "request_id": "0a1b-2c3d"}),
            Err(message) => return refused(400, &message),
        };
        match failure {
            Some(failure) => failed(failure, &answered.to_string(), None),
            None => json_reply(200, &answered),
        }
    }
}

impl Handler for Shared {
    fn handle(&self, request: Request) -> WireReply {
        let body = serde_json::from_str(&request.body).unwrap_or(Value::Null);
        let reply = self.answer(&request, &body);
        self.lock().requests.push(SearchRequest {
            token_type: request
                .header("x-snowflake-authorization-token-type")
                .map(str::to_owned),
            body,
            status: reply.status,
        });
        reply
    }
}

impl Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

fn refused(status: u16, message: &str) -> WireReply {
    json_reply(
        status,
        &json!({"message": message, "request_id": "0a1b-2c3d"}),
    )
}

fn path(service: &str) -> Option<String> {
    let mut parts = service.split('.');
    let (database, schema, name) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!(
        "/api/v2/databases/{database}/schemas/{schema}/cortex-search-services/{name}:query"
    ))
}

/// The results, or what is wrong with the query.
fn search(table: &SearchedTable, body: &Value) -> Result<Vec<Value>, String> {
    let body = body.as_object().ok_or("the body is no object")?;
    let known = ["query", "columns", "filter", "limit"];
    if let Some(other) = body.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("unknown parameter {other}"));
    }
    let query = body.get("query").and_then(Value::as_str);
    let query = query.filter(|query| !query.is_empty());
    let query = query.ok_or("query is required")?.to_lowercase();
    let limit = match body.get("limit") {
        None => 10,
        Some(limit) => limit.as_u64().ok_or("limit is no whole number")?,
    };
    if !(1..=MOST_RESULTS).contains(&limit) {
        return Err("limit must be 1 to 1000".to_owned());
    }
    if let Some(filter) = body.get("filter") {
        check_filter(table, filter)?;
    }
    let columns: Vec<&str> = match body.get("columns") {
        None => vec![&table.on],
        Some(columns) => {
            let columns = columns.as_array().ok_or("columns is no array")?;
            columns.iter().filter_map(Value::as_str).collect()
        }
    };
    if let Some(row) = table.rows.first()
        && let Some(other) = columns.iter().find(|column| row.get(**column).is_none())
    {
        return Err(format!("unknown column {other}"));
    }
    let held = |row: &Value| {
        let text = row[&table.on].as_str().unwrap_or_default().to_lowercase();
        let words = query.split_whitespace();
        words.filter(|word| text.contains(word)).count()
    };
    let mut rows: Vec<(usize, &Value)> = table.rows.iter().map(|row| (held(row), row)).collect();
    rows.sort_by_key(|(held, _)| std::cmp::Reverse(*held));
    Ok(rows
        .into_iter()
        .take(usize::try_from(limit).unwrap_or(usize::MAX))
        .map(|(held, row)| result(row, &columns, held))
        .collect())
}

fn result(row: &Value, columns: &[&str], held: usize) -> Value {
    let mut result = Map::new();
    for column in columns {
        let value = match &row[*column] {
            Value::Number(number) => Value::String(number.to_string()),
            value => value.clone(),
        };
        result.insert((*column).to_owned(), value);
    }
    result.insert(
        "@scores".to_owned(),
        json!({"cosine_similarity": 0.1 * held as f64, "text_match": held}),
    );
    Value::Object(result)
}

/// Filters name known operators, and attributes alone.
fn check_filter(table: &SearchedTable, filter: &Value) -> Result<(), String> {
    let filter = filter.as_object().ok_or("a filter is no object")?;
    for (operator, inner) in filter {
        if JOINING.contains(&operator.as_str()) {
            let parts = match inner {
                Value::Array(parts) => parts.as_slice(),
                one => std::slice::from_ref(one),
            };
            parts
                .iter()
                .try_for_each(|part| check_filter(table, part))?;
        } else if COMPARING.contains(&operator.as_str()) {
            let columns = inner.as_object().ok_or("a comparison is no object")?;
            if let Some(other) = columns.keys().find(|key| !table.attributes.contains(key)) {
                return Err(format!("{other} is no attribute"));
            }
        } else {
            return Err(format!("unknown operator {operator}"));
        }
    }
    Ok(())
}
