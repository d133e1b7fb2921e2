//! From a request to its handler.

use serde_json::json;

use super::fault::FaultEffect;
use super::state::{Changing, Shared};
use super::{log, login, running, statement, wire};
use crate::http::{Delivery, Request, WireReply};

const LOGIN: &str = "/session/v1/login-request";
const QUERY: &str = "/queries/v1/query-request";
const ABORT: &str = "/queries/v1/abort-request";

pub(super) fn answer(shared: &Shared, request: &Request) -> WireReply {
    let mut changing = shared.lock();
    changing.requests += 1;
    let path = folded(&request.path);
    let fault = changing
        .faults
        .take(|fault| fault.matches(path, &request.body))
        .map(|fault| fault.effect);
    match fault.as_ref().and_then(without_executing) {
        Some(reply) => {
            if path == QUERY {
                log::note_lost(&mut changing, request);
            }
            reply
        }
        None if path == LOGIN => login::log_in(&mut changing, request, fault.as_ref()),
        None if path == QUERY => {
            // The function that answers may ask the state.
            drop(changing);
            statement::query(shared, request, fault)
        }
        None if path == ABORT => running::abort(&mut changing, request),
        None if path == "/result" => running::poll(&mut changing, request),
        None if path == "/part" => part(&mut changing, request),
        None if path == "/session/heartbeat" => match login::token(request, &changing) {
            Some(_) => wire::json_reply(&json!({"success": true, "data": null})),
            None => wire::expired(),
        },
        None if path == "/session" => {
            if let Some(token) = login::token(request, &changing) {
                changing.sessions.end(&token);
            }
            wire::json_reply(&json!({"success": true, "data": null}))
        }
        None => wire::reply(404, b"no such path".to_vec()),
    }
}

/// Paths with ids in them under one name.
fn folded(path: &str) -> &str {
    if path.starts_with("/part/") {
        return "/part";
    }
    if path.starts_with("/queries/") && path.ends_with("/result") {
        return "/result";
    }
    path
}

/// The replies that keep a request from having any effect.
fn without_executing(fault: &FaultEffect) -> Option<WireReply> {
    match fault {
        FaultEffect::Status(status) => {
            Some(wire::reply(*status, b"no reply of Snowflake".to_vec()))
        }
        FaultEffect::Disconnect => Some(WireReply {
            delivery: Delivery::None,
            ..wire::reply(200, Vec::new())
        }),
        FaultEffect::NotJson => Some(wire::reply(200, b"<html>a gateway</html>".to_vec())),
        _ => None,
    }
}

fn part(changing: &mut Changing, request: &Request) -> WireReply {
    if request.header(wire::PART_HEADER) != Some(wire::PART_KEY) || request.authorization.is_some()
    {
        return wire::reply(403, b"wrong headers for a part".to_vec());
    }
    match changing.parts.get(&request.path) {
        Some(part) => {
            let reply = wire::part(part);
            changing.parts_sent += 1;
            reply
        }
        None => wire::reply(404, b"no such part".to_vec()),
    }
}
