//! Statements on their way into the log.

use serde_json::Value;
use url::form_urlencoded;

use super::login;
use super::record::{BoundValue, StatementEnd, StatementRecord};
use super::state::Changing;
use crate::http::Request;

/// Puts a statement into the log and returns its place there.
pub(super) fn note(changing: &mut Changing, request: &Request, token: &str) -> usize {
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

pub(super) fn note_lost(changing: &mut Changing, request: &Request) {
    let token = login::token(request, changing).unwrap_or_default();
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
