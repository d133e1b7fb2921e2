//! Snowflake's replies, as far as a session needs them.
//!
//! `snowflake-api` decodes replies too, but refuses those with an unknown column type or a
//! missing field, and loses the codes of some refusals, such as 390112
//! with `"data": null`.

use std::collections::HashMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use reqwest_middleware::reqwest::Url;
use reqwest_middleware::reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A column of a result.
#[derive(Debug, Deserialize)]
pub(super) struct Column {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) wire_type: String,
    pub(super) scale: Option<u8>,
}

/// Rows in one of the two formats, as they came.
pub(super) enum Batch {
    Json(Vec<Vec<Option<String>>>),
    Arrow(Bytes),
}

/// What a statement returned, without the parts that have to be fetched.
pub(super) struct Reply {
    pub(super) query_id: Option<String>,
    pub(super) columns: Vec<Column>,
    /// The first rows.
    pub(super) first: Batch,
    /// How many rows each part has.
    pub(super) part_rows: Vec<usize>,
}

/// Where the parts are. Whoever has an address can read the part.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) addresses: Vec<Url>,
    pub(super) headers: HeaderMap,
}

/// What Snowflake's refusals consist of.
#[derive(Default)]
pub(super) struct Refusal {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) query_id: Option<String>,
}

impl Refusal {
    /// Whether the statement takes longer than the server waits before it answers so.
    pub(super) fn is_still_running(&self) -> bool {
        matches!(self.code.as_deref(), Some("333333" | "333334"))
    }
}

#[derive(Deserialize)]
struct Envelope<D> {
    success: bool,
    code: Option<String>,
    message: Option<String>,
    data: Option<D>,
}

#[derive(Deserialize)]
struct LoginData {
    token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueryData {
    query_id: Option<String>,
    rowtype: Option<Vec<Column>>,
    rowset: Option<Vec<Vec<Option<String>>>>,
    #[serde(rename = "rowsetBase64")]
    rowset_base64: Option<String>,
    #[serde(default)]
    chunks: Vec<Chunk>,
    #[serde(default)]
    chunk_headers: HashMap<String, String>,
    qrmk: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    url: String,
    row_count: usize,
}

/// A reply that cannot be understood.
#[derive(Debug)]
pub(super) struct Unreadable;

fn envelope<D: DeserializeOwned>(body: &[u8]) -> Result<Envelope<D>, Unreadable> {
    serde_json::from_slice(body).map_err(|_| Unreadable)
}

/// The session's token.
pub(super) fn of_login(body: &[u8]) -> Result<Result<String, Refusal>, Unreadable> {
    let reply: Envelope<LoginData> = envelope(body)?;
    match reply.data.and_then(|data| data.token) {
        Some(token) if reply.success => Ok(Ok(token)),
        None if reply.success => Err(Unreadable),
        _ => Ok(Err(Refusal {
            code: reply.code,
            message: reply.message,
            query_id: None,
        })),
    }
}

/// What a statement returned, and where the rest of it is.
pub(super) fn of_statement(body: &[u8]) -> Result<Result<(Reply, Parts), Refusal>, Unreadable> {
    let reply: Envelope<QueryData> = envelope(body)?;
    let refusal = Refusal {
        code: reply.code,
        message: reply.message,
        query_id: reply.data.as_ref().and_then(|data| data.query_id.clone()),
    };
    if !reply.success || refusal.is_still_running() {
        return Ok(Err(refusal));
    }
    let data = reply.data.ok_or(Unreadable)?;
    let rows = data
        .rowset
        .filter(|rows| data.rowset_base64.is_none() || !rows.is_empty());
    let first = match (rows, data.rowset_base64) {
        (Some(rows), _) => Batch::Json(rows),
        (None, Some(text)) => {
            let bytes = BASE64_STANDARD.decode(text).map_err(|_| Unreadable)?;
            Batch::Arrow(bytes.into())
        }
        (None, None) => return Err(Unreadable),
    };
    let address = |chunk: &Chunk| chunk.url.parse().map_err(|_| Unreadable);
    let parts = Parts {
        headers: headers(data.chunk_headers, data.qrmk)?,
        addresses: data.chunks.iter().map(address).collect::<Result<_, _>>()?,
    };
    let reply = Reply {
        query_id: refusal.query_id,
        columns: data.rowtype.ok_or(Unreadable)?,
        first,
        part_rows: data.chunks.iter().map(|chunk| chunk.row_count).collect(),
    };
    Ok(Ok((reply, parts)))
}

/// Those that the reply names, else the two that S3 wants with the result's own key;
/// gosnowflake does the same.
fn headers(named: HashMap<String, String>, key: Option<String>) -> Result<HeaderMap, Unreadable> {
    const ALGORITHM: &str = "x-amz-server-side-encryption-customer-algorithm";
    const KEY: &str = "x-amz-server-side-encryption-customer-key";
    let mut all: Vec<(String, String)> = named.into_iter().collect();
    if let (true, Some(key)) = (all.is_empty(), key) {
        all.push((ALGORITHM.to_owned(), "AES256".to_owned()));
        all.push((KEY.to_owned(), key));
    }
    let header = |(name, value): (String, String)| {
        let name = HeaderName::try_from(name).map_err(|_| Unreadable)?;
        let mut value = HeaderValue::try_from(value).map_err(|_| Unreadable)?;
        value.set_sensitive(true);
        Ok((name, value))
    };
    all.into_iter().map(header).collect()
}
