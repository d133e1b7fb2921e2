//! Faults on demand: the ways a real Gong, and the network before it, fail.

use std::time::Duration;

use super::reply::{RecordSpan, Reply};
use crate::http::FaultQueue;

/// What happens to a request that a [`Fault`] hits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultEffect {
    /// An error reply in Gong's shape.
    Status {
        /// HTTP status, such as 500 or 429.
        status: u16,
        /// `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// Half of the body that `Content-Length` promises, then the connection closes.
    CutBody,
    /// The connection closes without an answer.
    Disconnect,
    /// The true answer, this much later.
    Hang(Duration),
    /// One record holds a byte that is not UTF-8.
    InvalidUtf8,
    /// One record lost its closing bracket; the body is not JSON.
    MalformedJson,
    /// One record came without its id.
    MissingId,
    /// A gateway's HTML page with status 502.
    BadGatewayPage,
    /// A firewall's HTML page with status 200.
    HtmlPage,
    /// Status 200 and no body.
    EmptyBody,
}

impl FaultEffect {
    /// Name in the request log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::CutBody => "cut_body",
            Self::Disconnect => "disconnect",
            Self::Hang(_) => "hang",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::MalformedJson => "malformed_json",
            Self::MissingId => "missing_id",
            Self::BadGatewayPage => "bad_gateway_page",
            Self::HtmlPage => "html_page",
            Self::EmptyBody => "empty_body",
        }
    }
}

/// A fault of the simulated Gong and the requests it hits.
///
/// ```
/// use std::time::Duration;
/// use testkit::gong::{Fault, FaultEffect};
///
/// // The page that call 42 is on can never be read.
/// let poison = Fault::new(FaultEffect::InvalidUtf8)
///     .on_path("/v2/calls/extensive")
///     .for_call("42")
///     .always();
/// // The next two requests for transcripts fail and say when to come back.
/// let busy = Fault::new(FaultEffect::Status { status: 503, retry_after: Some(1) })
///     .on_path("/v2/calls/transcript")
///     .times(2);
/// # let _ = (poison, busy);
/// ```
pub type Fault = crate::http::Fault<FaultEffect>;

impl Fault {
    /// Only requests that name this call or whose answer holds it. A fault that
    /// damages one record damages this call's.
    #[must_use]
    pub fn for_call(mut self, call_id: impl Into<String>) -> Self {
        self.record_id = Some(call_id.into());
        self
    }

    fn hits(&self, path: &str, body: &str, reply: &Reply) -> bool {
        let call_matches = self.record_id.as_deref().is_none_or(|id| {
            let named = path.ends_with(&format!("/{id}")) || body.contains(&format!("\"{id}\""));
            named || reply.records.iter().any(|record| record.id == id)
        });
        call_matches && self.matches(path, body)
    }
}

/// Faults that hit a share of all requests, drawn from a seeded generator: 500
/// or 503, 429, or a cut body, in equal parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomFaults {
    /// Share of requests that fail, 0 to 1.
    pub share: f64,
    /// Seed of the draw.
    pub seed: u64,
    /// `Retry-After` of the 429s, in seconds.
    pub retry_after: u64,
}

impl RandomFaults {
    /// A share of failing requests, with a seed and `Retry-After: 1`.
    pub fn new(share: f64, seed: u64) -> Self {
        Self {
            share,
            seed,
            retry_after: 1,
        }
    }
}

/// The faults that are waiting.
#[derive(Debug, Default)]
pub(super) struct FaultPlan {
    planned: FaultQueue<FaultEffect>,
    random: Option<(RandomFaults, fastrand::Rng)>,
}

impl FaultPlan {
    pub(super) fn add(&mut self, fault: Fault) {
        self.planned.add(fault);
    }

    pub(super) fn set_random(&mut self, faults: Option<RandomFaults>) {
        self.random = faults.map(|faults| (faults, fastrand::Rng::with_seed(faults.seed)));
    }

    pub(super) fn clear(&mut self) {
        self.planned.clear();
        self.random = None;
    }

    /// Takes the effect for this request, with the call it is aimed at.
    pub(super) fn take(
        &mut self,
        path: &str,
        body: &str,
        reply: &Reply,
    ) -> Option<(FaultEffect, Option<String>)> {
        if let Some(fault) = self.planned.take(|fault| fault.hits(path, body, reply)) {
            return Some((fault.effect, fault.record_id));
        }
        let (faults, rng) = self.random.as_mut()?;
        if rng.f64() >= faults.share {
            return None;
        }
        let effect = match rng.u8(..3) {
            0 => FaultEffect::Status {
                status: *rng.choice(&[500, 503])?,
                retry_after: None,
            },
            1 => FaultEffect::Status {
                status: 429,
                retry_after: Some(faults.retry_after),
            },
            _ => FaultEffect::CutBody,
        };
        Some((effect, None))
    }
}

/// Turns a true reply into the damaged one; effects on the wire itself
/// (cutting, hanging, disconnecting) leave the reply as it is.
pub(super) fn damage(reply: &mut Reply, effect: &FaultEffect, call_id: Option<&str>) {
    match effect {
        FaultEffect::Status {
            status: 429,
            retry_after,
        } => {
            *reply = Reply {
                retry_after: *retry_after,
                ..Reply::too_many_requests(&reply.request_id, 0)
            };
        }
        FaultEffect::Status {
            status,
            retry_after,
        } => {
            let error = Reply::error(&reply.request_id, *status, "Something went wrong");
            *reply = Reply {
                retry_after: *retry_after,
                ..error
            };
        }
        FaultEffect::BadGatewayPage => {
            let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                        <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
            *reply = Reply::html(&reply.request_id, 502, page);
        }
        FaultEffect::HtmlPage => {
            let page = "<!DOCTYPE html><html lang=\"en-US\"><head><title>Just a moment...</title>\
                        </head><body><noscript>Enable JavaScript and cookies to continue\
                        </noscript></body></html>";
            *reply = Reply::html(&reply.request_id, 200, page);
        }
        FaultEffect::EmptyBody => {
            reply.body.clear();
            reply.records.clear();
        }
        FaultEffect::InvalidUtf8 => {
            if let Some(at) =
                aimed_record(reply, call_id).and_then(|r| first_letter_of_text(reply, r))
            {
                reply.body[at] = 0xFF;
            }
        }
        FaultEffect::MalformedJson => match aimed_record(reply, call_id) {
            Some(record) => {
                let last = record.bytes.end - 1;
                reply.body.remove(last);
            }
            None => {
                reply.body.pop();
            }
        },
        FaultEffect::MissingId => {
            if let Some(record) = aimed_record(reply, call_id).cloned() {
                remove_id(reply, &record);
            }
        }
        FaultEffect::CutBody | FaultEffect::Disconnect | FaultEffect::Hang(_) => {}
    }
}

fn aimed_record<'a>(reply: &'a Reply, call_id: Option<&str>) -> Option<&'a RecordSpan> {
    match call_id {
        Some(id) => reply.records.iter().find(|record| record.id == id),
        None => reply.records.first(),
    }
}

/// Where the first value of a `text` or `title` key starts.
fn first_letter_of_text(reply: &Reply, record: &RecordSpan) -> Option<usize> {
    let bytes = &reply.body[record.bytes.clone()];
    let starts = [&b"\"text\":\""[..], b"\"title\":\"", b"\"name\":\""].map(|key| {
        let at = bytes.windows(key.len()).position(|window| window == key)?;
        Some(record.bytes.start + at + key.len())
    });
    starts.into_iter().flatten().next()
}

fn remove_id(reply: &mut Reply, record: &RecordSpan) {
    for key in ["callId", "id"] {
        let member = format!("\"{key}\":\"{}\"", record.id).into_bytes();
        let bytes = &reply.body[record.bytes.clone()];
        let Some(at) = bytes
            .windows(member.len())
            .position(|window| window == member)
        else {
            continue;
        };
        let mut range = record.bytes.start + at..record.bytes.start + at + member.len();
        if reply.body.get(range.end) == Some(&b',') {
            range.end += 1;
        } else if range.start > 0 && reply.body[range.start - 1] == b',' {
            range.start -= 1;
        }
        reply.body.drain(range);
        return;
    }
}
