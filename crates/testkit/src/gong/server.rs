//! From a request to the reply on the wire, damaged on demand.

use std::sync::Arc;
use std::time::Instant;

use super::fault::{FaultEffect, damage};
use super::reply::Reply;
use super::routes::answer;
use super::state::{Shared, SimulatorState};
use crate::http::{Delivery, Handler, Listener, Request, RequestSummary, Server, WireReply};

/// A running simulator. It stops, and closes its connections, when it is dropped.
#[derive(Debug)]
pub struct GongSimulator {
    server: Server,
    state: SimulatorState,
}

impl GongSimulator {
    pub(super) fn serve(listener: Listener, shared: Shared) -> Self {
        let shared = Arc::new(shared);
        Self {
            server: Server::start(listener, Arc::clone(&shared)),
            state: SimulatorState { shared },
        }
    }

    /// Base address, such as `http://127.0.0.1:40123`, without a slash at its end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The handle for live control; clones of it may outlive the server.
    pub fn state(&self) -> SimulatorState {
        self.state.clone()
    }
}

impl Handler for Shared {
    fn handle(&self, request: Request) -> WireReply {
        let (reply, effect, date) = decide(self, request);
        let mut headers = vec![
            ("date", date),
            ("content-type", reply.content_type.to_owned()),
            ("x-traceid", reply.request_id),
            (
                "x-gong-service-version",
                "PublicApiServer:simulator".to_owned(),
            ),
        ];
        if let Some(seconds) = reply.retry_after {
            headers.push(("retry-after", seconds.to_string()));
        }
        WireReply {
            status: reply.status,
            headers,
            body: reply.body,
            gzip_from_bytes: self.gzip_from_bytes,
            delivery: match effect {
                Some(FaultEffect::Hang(delay)) => Delivery::Late(delay),
                Some(FaultEffect::Disconnect) => Delivery::None,
                Some(FaultEffect::CutBody) => Delivery::Cut,
                _ => Delivery::Whole,
            },
        }
    }
}

/// The reply to a request, damaged when a fault hits it and noted in the log, and
/// its date.
fn decide(shared: &Shared, request: Request) -> (Reply, Option<FaultEffect>, String) {
    let now = Instant::now();
    let mut guard = shared.lock();
    let changing = &mut *guard;
    let sequence = changing.traffic.arrived(folded(&request.path), now);
    let request_id: String = (0..19)
        .map(|_| {
            changing
                .request_ids
                .choice(REQUEST_ID_LETTERS)
                .map_or('0', |letter| char::from(*letter))
        })
        .collect();
    let (mut reply, may_fail) = answer(shared, changing, &request, &request_id);
    let hit = match may_fail {
        true => changing.faults.take(&request.path, &request.body, &reply),
        false => None,
    };
    if let Some((effect, call_id)) = &hit {
        damage(&mut reply, effect, call_id.as_deref());
    }
    let effect = hit.map(|(effect, _)| effect);
    changing.traffic.answered(RequestSummary {
        sequence,
        at: now.duration_since(shared.started),
        method: request.method,
        path: request.path,
        query: request.query,
        body: request.body,
        status: reply.status,
        inputs: 0,
        records: reply.records.len(),
        body_bytes: reply.body.len(),
        fault: effect.as_ref().map(FaultEffect::name),
    });
    (reply, effect, changing.clock.http_date())
}

const REQUEST_ID_LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Ids would make the counters grow with the number of calls.
fn folded(path: &str) -> String {
    match path.strip_prefix("/v2/calls/") {
        Some("extensive" | "transcript") | None => path.to_owned(),
        Some(_) => "/v2/calls/{id}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_folded_so_that_the_counters_stay_few() {
        for (path, expected) in [
            ("/v2/calls", "/v2/calls"),
            ("/v2/calls/1", "/v2/calls/{id}"),
            ("/v2/calls/extensive", "/v2/calls/extensive"),
        ] {
            assert_eq!(folded(path), expected);
        }
    }
}
