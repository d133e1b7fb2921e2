//! Slow statements: polled again and again, or cancelled.

use std::time::Duration;

use serde_json::{Value, json};

use super::record::StatementEnd;
use super::state::Changing;
use super::{login, statement, wire};
use crate::http::{Request, WireReply};

/// How long the server holds a poll for a statement that is still running.
const POLL_IS_HELD: Duration = Duration::from_millis(5);

pub(super) fn poll(changing: &mut Changing, request: &Request) -> WireReply {
    let Some(token) = login::token(request, changing) else {
        return wire::expired();
    };
    let id = request
        .path
        .trim_start_matches("/queries/")
        .trim_end_matches("/result")
        .to_owned();
    let Some(running) = changing.sessions.running.get_mut(&id) else {
        return wire::json_reply(&wire::refusal(
            "000605",
            "Statement is not executing.",
            Some(&id),
        ));
    };
    if changing.log[running.place].end == StatementEnd::Cancelled {
        return wire::json_reply(&wire::refusal(
            "000604",
            "SQL execution canceled",
            Some(&id),
        ));
    }
    match &mut running.polls_left {
        Some(0) => {}
        left => {
            *left = left.map(|polls| polls - 1);
            return wire::late(wire::json_reply(&wire::in_progress(&id)), POLL_IS_HELD);
        }
    }
    let Some(running) = changing.sessions.running.remove(&id) else {
        return wire::expired();
    };
    statement::execute(
        changing,
        request,
        &token,
        running.place,
        &running.answer,
        None,
    )
}

pub(super) fn abort(changing: &mut Changing, request: &Request) -> WireReply {
    let Some(token) = login::token(request, changing) else {
        return wire::expired();
    };
    changing.cancellations += 1;
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let wanted = body["requestId"].as_str().unwrap_or_default();
    let running = changing
        .sessions
        .running
        .values()
        .find(|running| running.request_id == wanted && running.token == token);
    let body = match running {
        Some(running) => {
            changing.log[running.place].end = StatementEnd::Cancelled;
            json!({"success": true, "code": null, "message": null, "data": null})
        }
        None => wire::refusal(
            "000605",
            "Identified SQL statement is not currently executing.",
            None,
        ),
    };
    wire::json_reply(&body)
}
