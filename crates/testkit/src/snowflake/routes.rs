//! From a request to its reply.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use url::form_urlencoded;

use super::answer::Answer;
use super::fault::FaultEffect;
use super::record::{BoundValue, LoginRecord, StatementEnd, StatementRecord};
use super::sessions::{Control, RunningStatement};
use super::state::{Changing, Shared};
use super::wire;
use crate::http::{Delivery, Request, WireReply};

const LOGIN: &str = "/session/v1/login-request";
const QUERY: &str = "/queries/v1/query-request";
const ABORT: &str = "/queries/v1/abort-request";

/// How long the server holds a poll for a statement that is still running.
const POLL_IS_HELD: Duration = Duration::from_millis(5);

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
                note_lost(&mut changing, request);
            }
            return reply;
        }
        None if path == LOGIN => log_in(&mut changing, request, fault),
        None if path == QUERY => {
            // The function that answers may ask the state.
            drop(changing);
            query(shared, request, fault)
        }
        None if path == ABORT => abort(&mut changing, request),
        None if path == "/result" => poll(&mut changing, request),
        None if path == "/part" => part(&mut changing, request),
        None if path == "/session/heartbeat" => match token(request, &changing) {
            Some(_) => wire::json_reply(&json!({"success": true, "data": null})),
            None => expired(),
        },
        None if path == "/session" => {
            if let Some(token) = token(request, &changing) {
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

fn log_in(changing: &mut Changing, request: &Request, fault: Option<FaultEffect>) -> WireReply {
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let data = &body["data"];
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    let parameters: BTreeMap<String, Value> = data["SESSION_PARAMETERS"]
        .as_object()
        .map(|all| {
            all.iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        })
        .unwrap_or_default();
    let context = form_urlencoded::parse(request.query.as_bytes());
    let proof = match text("TOKEN") {
        token if token.is_empty() => text("PASSWORD"),
        token => token,
    };
    let refused = match &fault {
        Some(FaultEffect::Error { code, message }) => Some((code.clone(), message.clone())),
        _ if proof.is_empty() => Some((
            "390100".to_owned(),
            "Incorrect username or password was specified.".to_owned(),
        )),
        _ => None,
    };
    changing.logins.push(LoginRecord {
        authenticator: match text("AUTHENTICATOR") {
            none if none.is_empty() => "SNOWFLAKE".to_owned(),
            some => some,
        },
        account: text("ACCOUNT_NAME"),
        user: text("LOGIN_NAME"),
        proof,
        parameters,
        context: context.into_owned().collect(),
        accepted: refused.is_none(),
    });
    if let Some((code, message)) = refused {
        return wire::json_reply(&wire::refusal(&code, &message, None));
    }
    let token = changing.sessions.log_in();
    let number = changing
        .sessions
        .get(&token)
        .map_or(0, |session| session.number);
    finished(
        wire::json_reply(&wire::login(&token, number)),
        fault.as_ref(),
    )
}

/// `Snowflake Token="…"`, when that session lives.
fn token(request: &Request, changing: &Changing) -> Option<String> {
    let token = request
        .authorization
        .as_deref()?
        .strip_prefix("Snowflake Token=\"")?
        .strip_suffix('"')?;
    changing.sessions.get(token).map(|_| token.to_owned())
}

fn expired() -> WireReply {
    wire::json_reply(&wire::refusal(
        "390112",
        "Your session has expired. Please login again.",
        None,
    ))
}

fn query(shared: &Shared, request: &Request, fault: Option<FaultEffect>) -> WireReply {
    let mut changing = shared.lock();
    let token = token(request, &changing);
    if let (Some(FaultEffect::ExpiredSession), Some(token)) = (&fault, &token) {
        changing.sessions.end(token);
    }
    let Some(token) = token.filter(|token| changing.sessions.get(token).is_some()) else {
        note_lost(&mut changing, request);
        return expired();
    };
    let place = note(&mut changing, request, &token);
    if let Some(FaultEffect::Error { code, message }) = &fault {
        changing.log[place].end = StatementEnd::Refused;
        let id = changing.log[place].query_id.clone();
        return wire::json_reply(&wire::refusal(code, message, Some(&id)));
    }
    let record = changing.log[place].clone();
    drop(changing);
    let control = Control::of(&record.text);
    let answer = match control {
        Control::No => scripted(shared, &record),
        _ => Answer::done(),
    };
    let mut changing = shared.lock();
    let polls_left = match fault {
        Some(FaultEffect::Slow { polls }) => Some(Some(polls)),
        Some(FaultEffect::Endless) => Some(None),
        _ => None,
    };
    if let Some(polls_left) = polls_left {
        changing.log[place].end = StatementEnd::Running;
        let running = RunningStatement {
            place,
            token,
            request_id: record.request_id,
            answer,
            polls_left,
        };
        changing
            .sessions
            .running
            .insert(record.query_id.clone(), running);
        return wire::json_reply(&wire::in_progress(&record.query_id));
    }
    let reply = execute(
        &mut changing,
        request,
        &token,
        place,
        &answer,
        fault.as_ref(),
    );
    late(reply, shared.settings.latency)
}

/// What the test said, or the usual.
fn scripted(shared: &Shared, record: &StatementRecord) -> Answer {
    let said = {
        let changing = shared.lock();
        let mut answers = changing.answers.iter().rev();
        answers
            .find(|(part, _)| record.text.contains(part.as_str()))
            .map(|(_, answer)| answer.clone())
    };
    said.or_else(|| shared.settings.answering.as_ref()?(record))
        .unwrap_or_else(|| Answer::usual(&record.text))
}

fn execute(
    changing: &mut Changing,
    request: &Request,
    token: &str,
    place: usize,
    answer: &Answer,
    fault: Option<&FaultEffect>,
) -> WireReply {
    let refused = answer.error.is_some();
    changing.log[place].end = match refused {
        true => StatementEnd::Refused,
        false => StatementEnd::Executed,
    };
    if !refused {
        let control = Control::of(&changing.log[place].text);
        changing.sessions.execute(token, control, place);
    }
    let format = match fault {
        Some(FaultEffect::Arrow) => "arrow",
        _ => "json",
    };
    let base_url = request
        .header("host")
        .map(|host| format!("http://{host}"))
        .unwrap_or_default();
    let (body, parts) = wire::result(answer, &changing.log[place].query_id, &base_url, format);
    changing.parts.extend(parts);
    finished(wire::json_reply(&body), fault)
}

/// The reply of what was executed, as it arrives.
fn finished(reply: WireReply, fault: Option<&FaultEffect>) -> WireReply {
    let delivery = match fault {
        Some(FaultEffect::LostReply) => Delivery::None,
        Some(FaultEffect::CutReply) => Delivery::Cut,
        Some(FaultEffect::Late(time)) => Delivery::Late(*time),
        _ => reply.delivery,
    };
    WireReply { delivery, ..reply }
}

fn late(reply: WireReply, latency: Duration) -> WireReply {
    match reply.delivery {
        Delivery::Whole if !latency.is_zero() => WireReply {
            delivery: Delivery::Late(latency),
            ..reply
        },
        _ => reply,
    }
}

fn poll(changing: &mut Changing, request: &Request) -> WireReply {
    let Some(token) = token(request, changing) else {
        return expired();
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
            return late(wire::json_reply(&wire::in_progress(&id)), POLL_IS_HELD);
        }
    }
    let Some(running) = changing.sessions.running.remove(&id) else {
        return expired();
    };
    execute(
        changing,
        request,
        &token,
        running.place,
        &running.answer,
        None,
    )
}

fn abort(changing: &mut Changing, request: &Request) -> WireReply {
    let Some(token) = token(request, changing) else {
        return expired();
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

/// Puts a statement into the log and returns its place there.
fn note(changing: &mut Changing, request: &Request, token: &str) -> usize {
    let place = changing.log.len();
    let session = changing.sessions.get(token);
    let (session, in_transaction) = session.map_or((0, false), |session| {
        (session.number, session.in_transaction())
    });
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let mut query = form_urlencoded::parse(request.query.as_bytes());
    let request_id = query.find(|(name, _)| name == "requestId");
    changing.log.push(StatementRecord {
        sequence: place as u64,
        session,
        request_id: request_id
            .map(|(_, id)| id.into_owned())
            .unwrap_or_default(),
        query_id: format!("01b2c3d4-0000-0000-0000-{place:012}"),
        text: body["sqlText"].as_str().unwrap_or_default().to_owned(),
        binds: binds(&body["bindings"]),
        in_transaction,
        end: StatementEnd::Executed,
    });
    place
}

fn note_lost(changing: &mut Changing, request: &Request) {
    let token = token(request, changing).unwrap_or_default();
    let place = note(changing, request, &token);
    let record = &mut changing.log[place];
    record.end = StatementEnd::Lost;
    record.query_id.clear();
}

/// `{"1": {"type", "value"}, …}` in the order of the numbers.
fn binds(bindings: &Value) -> Vec<BoundValue> {
    (1..)
        .map_while(|place: usize| bindings.get(place.to_string()))
        .map(|bind| BoundValue {
            kind: bind["type"].as_str().unwrap_or_default().to_owned(),
            value: bind["value"].as_str().map(str::to_owned),
        })
        .collect()
}
