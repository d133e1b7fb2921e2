//! From a request to the reply on the wire, damaged on demand.

use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

use super::endpoint::Endpoint;
use super::fault::{FaultEffect, damage};
use super::reply::Reply;
use super::serve::answer;
use super::state::{HubSpotState, Shared};
use crate::http::{Delivery, Handler, Listener, Request, RequestSummary, Server, WireReply};

/// A running simulator. It stops, and closes its connections, when it is dropped.
#[derive(Debug)]
pub struct HubSpotSimulator {
    server: Server,
    state: HubSpotState,
}

impl HubSpotSimulator {
    pub(super) fn serve(listener: Listener, shared: Shared) -> Self {
        let shared = Arc::new(shared);
        Self {
            server: Server::start(listener, Arc::clone(&shared)),
            state: HubSpotState { shared },
        }
    }

    /// Base address, such as `http://127.0.0.1:40123`, without a slash at its end.
    pub fn base_url(&self) -> String {
        self.server.url()
    }

    /// The handle for live control; clones of it may outlive the server.
    pub fn state(&self) -> HubSpotState {
        self.state.clone()
    }
}

impl Handler for Shared {
    fn handle(&self, request: Request) -> WireReply {
        let (reply, correlation_id, effect) = decide(self, request);
        let mut headers = vec![
            ("content-type", reply.content_type.to_owned()),
            ("x-hubspot-correlation-id", correlation_id),
        ];
        headers.extend(reply.limit_headers);
        if let Some(seconds) = reply.retry_after {
            headers.push(("retry-after", seconds.to_string()));
        }
        WireReply {
            status: reply.status,
            headers,
            body: reply.body,
            gzip_from_bytes: self.settings.gzip_from_bytes,
            delivery: match effect {
                Some(FaultEffect::Hang(delay)) => Delivery::Late(delay),
                Some(FaultEffect::Disconnect) => Delivery::None,
                Some(FaultEffect::CutBody) => Delivery::Cut,
                _ => Delivery::Whole,
            },
        }
    }
}

/// The reply to a request, damaged when a fault hits it, and noted in the log.
fn decide(shared: &Shared, request: Request) -> (Reply, String, Option<FaultEffect>) {
    let now = Instant::now();
    let mut guard = shared.lock();
    let changing = &mut *guard;
    let endpoint = Endpoint::parse(&request.path);
    let folded = endpoint
        .as_ref()
        .map_or_else(|_| request.path.clone(), Endpoint::folded);
    let sequence = changing.traffic.arrived(folded.clone(), now);
    let correlation_id = correlation_id(&mut changing.correlation_ids);
    let limit_clock = now + changing.ahead;
    let (mut reply, may_fail) = answer(
        &shared.settings,
        changing,
        &request,
        &endpoint,
        limit_clock,
        &correlation_id,
    );
    let hit = match may_fail {
        true => changing.faults.take(|fault| {
            fault.matches(&folded, &request.body) || fault.matches(&request.path, &request.body)
        }),
        false => None,
    };
    let effect = hit.map(|fault| fault.effect);
    if let Some(effect) = &effect {
        damage(&mut reply, effect, &correlation_id);
    }
    if let Some(FaultEffect::DeleteAfterwards { object, id }) = &effect {
        changing.portal.delete(*object, id);
    }
    changing.traffic.answered(RequestSummary {
        sequence,
        at: now.duration_since(shared.settings.started),
        inputs: inputs(&request),
        method: request.method,
        path: request.path,
        query: request.query,
        body: request.body,
        status: reply.status,
        records: reply.records,
        body_bytes: reply.body.len(),
        fault: effect.as_ref().map(FaultEffect::name),
    });
    (reply, correlation_id, effect)
}

fn inputs(request: &Request) -> usize {
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    body["inputs"].as_array().map_or(0, Vec::len)
}

/// In the form of a random UUID.
fn correlation_id(rng: &mut fastrand::Rng) -> String {
    let digits = format!("{:032x}", rng.u128(..));
    format!(
        "{}-{}-4{}-a{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[13..16],
        &digits[17..20],
        &digits[20..]
    )
}
