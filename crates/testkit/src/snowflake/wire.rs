//! Replies in the shapes of the session protocol.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::answer::{Answer, ArrowRows, Column};
use super::fault::FaultEffect;
use crate::http::{Delivery, WireReply};

/// The header that parts of results want, in place of a token.
pub(super) const PART_HEADER: &str = "x-amz-server-side-encryption-customer-key";
/// Its value.
pub(super) const PART_KEY: &str = "part-key-of-the-double";

/// A part of a result, ready to be fetched.
pub(super) struct Part {
    pub(super) body: Vec<u8>,
    /// Parts that stand behind it in the result.
    pub(super) behind: u32,
}

pub(super) fn reply(status: u16, body: Vec<u8>) -> WireReply {
    WireReply {
        status,
        headers: vec![("content-type", "application/json".to_owned())],
        body,
        gzip_from_bytes: None,
        delivery: Delivery::Whole,
    }
}

pub(super) fn json_reply(body: &Value) -> WireReply {
    reply(200, body.to_string().into_bytes())
}

/// Everything that Snowflake itself refuses is HTTP 200.
pub(super) fn refusal(code: &str, message: &str, query_id: Option<&str>) -> Value {
    let data = query_id.map_or(Value::Null, |id| {
        json!({"queryId": id, "internalError": false, "errorCode": code, "age": 0, "sqlState": "42000"})
    });
    json!({"success": false, "code": code, "message": message, "data": data})
}

/// The session has ended.
pub(super) fn expired() -> WireReply {
    json_reply(&refusal(
        "390112",
        "Your session has expired. Please login again.",
        None,
    ))
}

pub(super) fn login(token: &str, number: u64) -> Value {
    json!({
        "success": true, "code": null, "message": null,
        "data": {
            "token": token,
            "masterToken": format!("master-{token}"),
            "validityInSeconds": 3600,
            "masterValidityInSeconds": 14400,
            "sessionId": number,
            "parameters": [],
            "sessionInfo": {},
        },
    })
}

pub(super) fn in_progress(query_id: &str) -> Value {
    json!({
        "success": true, "code": "333334",
        "message": "Query execution in progress. Please try again.",
        "data": {"queryId": query_id, "getResultUrl": format!("/queries/{query_id}/result")},
    })
}

/// The reply to a statement, and its parts with their addresses.
pub(super) fn result(
    answer: &Answer,
    query_id: &str,
    base_url: &str,
    format: &str,
) -> (Value, Vec<(String, Part)>) {
    if let Some((code, message)) = &answer.error {
        return (refusal(code, message, Some(query_id)), Vec::new());
    }
    if let Some(rows) = &answer.arrow {
        return arrow_result(answer, rows, query_id, base_url);
    }
    let inline = answer.inline_rows.unwrap_or(answer.rows.len());
    let (inline, rest) = answer.rows.split_at(inline.min(answer.rows.len()));
    let mut data = json!({
        "queryId": query_id,
        "rowtype": answer.columns.iter().map(row_type).collect::<Vec<_>>(),
        "rowset": inline,
        "total": answer.rows.len(),
        "returned": answer.rows.len(),
        "queryResultFormat": format,
        "sqlState": "00000",
    });
    let bodies = rest.chunks(answer.part_rows.max(1)).map(|rows| {
        // A part is an array without its brackets.
        let array = Value::from(rows).to_string();
        (rows.len(), array.as_bytes()[1..array.len() - 1].to_vec())
    });
    let parts = add_parts(&mut data, bodies.collect(), query_id, base_url);
    if !parts.is_empty() {
        data["returned"] = inline.len().into();
    }
    let body = json!({"success": true, "code": null, "message": null, "data": data});
    (body, parts)
}

fn arrow_result(
    answer: &Answer,
    rows: &ArrowRows,
    query_id: &str,
    base_url: &str,
) -> (Value, Vec<(String, Part)>) {
    let mut data = json!({
        "queryId": query_id,
        "rowtype": answer.columns.iter().map(row_type).collect::<Vec<_>>(),
        "rowsetBase64": BASE64_STANDARD.encode(&rows.inline),
        "queryResultFormat": "arrow",
        "sqlState": "00000",
    });
    let parts = add_parts(&mut data, rows.parts.clone(), query_id, base_url);
    let body = json!({"success": true, "code": null, "message": null, "data": data});
    (body, parts)
}

/// Says in the reply where the parts are, and returns them under their paths.
fn add_parts(
    data: &mut Value,
    bodies: Vec<(usize, Vec<u8>)>,
    query_id: &str,
    base_url: &str,
) -> Vec<(String, Part)> {
    let count = bodies.len();
    let mut parts = Vec::with_capacity(count);
    let mut chunks = Vec::with_capacity(count);
    for (place, (rows, body)) in bodies.into_iter().enumerate() {
        let path = format!("/part/{query_id}/{place}");
        chunks.push(json!({
            "url": format!("{base_url}{path}"),
            "rowCount": rows,
            "uncompressedSize": body.len(),
            "compressedSize": body.len(),
        }));
        let behind = u32::try_from(count - place - 1).unwrap_or(u32::MAX);
        parts.push((path, Part { body, behind }));
    }
    if !parts.is_empty() {
        data["chunks"] = chunks.into();
        data["chunkHeaders"] = json!({PART_HEADER: PART_KEY});
    }
    parts
}

fn row_type(column: &Column) -> Value {
    json!({
        "name": column.name,
        "type": column.kind,
        "nullable": true,
        "scale": column.scale,
        "precision": (column.kind == "fixed").then_some(38),
        "length": null,
        "byteLength": null,
    })
}

/// The earlier a part stands, the later it comes.
pub(super) fn part(part: &Part) -> WireReply {
    WireReply {
        gzip_from_bytes: Some(0),
        delivery: Delivery::Late(Duration::from_millis(2) * part.behind.min(20)),
        ..reply(200, part.body.clone())
    }
}

/// The reply of what was executed, as it arrives.
pub(super) fn finished(reply: WireReply, fault: Option<&FaultEffect>) -> WireReply {
    let delivery = match fault {
        Some(FaultEffect::LostReply) => Delivery::None,
        Some(FaultEffect::CutReply) => Delivery::Cut,
        Some(FaultEffect::Late(time)) => Delivery::Late(*time),
        _ => reply.delivery,
    };
    WireReply { delivery, ..reply }
}

pub(super) fn late(reply: WireReply, latency: Duration) -> WireReply {
    match reply.delivery {
        Delivery::Whole if !latency.is_zero() => WireReply {
            delivery: Delivery::Late(latency),
            ..reply
        },
        _ => reply,
    }
}
