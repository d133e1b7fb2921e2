//! Statements: executed, refused, or running.

use super::answer::Answer;
use super::fault::FaultEffect;
use super::record::{StatementEnd, StatementRecord};
use super::sessions::{Control, RunningStatement};
use super::state::{Changing, Shared};
use super::{bound_json, edition, log, login, wire};
use crate::http::{Request, WireReply};

pub(super) fn query(shared: &Shared, request: &Request, fault: Option<FaultEffect>) -> WireReply {
    let mut changing = shared.lock();
    let token = login::token(request, &changing);
    if let (Some(FaultEffect::ExpiredSession), Some(token)) = (&fault, &token) {
        changing.sessions.end(token);
    }
    let Some(token) = token.filter(|token| changing.sessions.get(token).is_some()) else {
        log::note_lost(&mut changing, request);
        return wire::expired();
    };
    let place = log::note(&mut changing, request, &token);
    if let Some(FaultEffect::Error { code, message }) = &fault {
        changing.log[place].end = StatementEnd::Refused;
        let id = changing.log[place].query_id.clone();
        return wire::json_reply(&wire::refusal(code, message, Some(&id)));
    }
    let record = changing.log[place].clone();
    drop(changing);
    let control = Control::of(&record.text);
    let answer = match control {
        Control::No => {
            let edition = shared.settings.edition;
            bound_json::refusal(&record)
                .or_else(|| edition::refusal(&record.text, edition?))
                .unwrap_or_else(|| scripted(shared, &record))
        }
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
    wire::late(reply, shared.settings.latency)
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

pub(super) fn execute(
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
    wire::finished(wire::json_reply(&body), fault)
}
