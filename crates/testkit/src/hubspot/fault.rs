//! Faults on demand: the ways HubSpot, and the network before it, fail.

use std::time::Duration;

use super::ObjectType;
use super::limits::LimitPolicy;
use super::reply::{Problem, Reply};

/// A fault of the simulated HubSpot and the requests it hits. Paths are folded: without
/// version and with plural names.
///
/// ```
/// use testkit::hubspot::{Fault, FaultEffect};
///
/// // The third batch read of deals fails, twice.
/// let fault = Fault::new(FaultEffect::Status { status: 502, retry_after: None })
///     .on_path("/crm/objects/deals/batch/read")
///     .after(2)
///     .times(2);
/// # let _ = fault;
/// ```
pub type Fault = crate::http::Fault<FaultEffect>;

/// What happens to a request that a [`Fault`] hits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultEffect {
    /// An error reply: 502, 521 to 524 and 530 as pages of Cloudflare's, others in
    /// HubSpot's shape, such as 423 (record locked), 477 (account is moving to another
    /// data centre) and 500.
    Status {
        /// HTTP status.
        status: u16,
        /// `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// A 429 for a limit that was not reached, in its bare form: without `category`,
    /// for searches without `policyName` too.
    RateLimited {
        /// The limit that it names.
        policy: LimitPolicy,
        /// `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// Half of the body that `Content-Length` promises, then the connection closes.
    CutBody,
    /// The connection closes without an answer.
    Disconnect,
    /// The true answer, this much later: longer than the client waits, it times out.
    Hang(Duration),
    /// The true answer without its last byte; the body is not JSON.
    MalformedJson,
    /// Status 200 and no body.
    EmptyBody,
    /// The true answer; afterwards the record is gone for good.
    DeleteAfterwards {
        /// What kind of record.
        object: ObjectType,
        /// Its id.
        id: String,
    },
}

impl FaultEffect {
    /// Name in the request log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::RateLimited { .. } => "rate_limited",
            Self::CutBody => "cut_body",
            Self::Disconnect => "disconnect",
            Self::Hang(_) => "hang",
            Self::MalformedJson => "malformed_json",
            Self::EmptyBody => "empty_body",
            Self::DeleteAfterwards { .. } => "delete_afterwards",
        }
    }
}

/// Turns a true reply into the damaged one; effects on the wire itself, and on what the
/// portal holds, leave the reply as it is.
pub(super) fn damage(reply: &mut Reply, effect: &FaultEffect, correlation_id: &str) {
    match effect {
        FaultEffect::Status {
            status,
            retry_after,
        } => {
            *reply = Reply {
                retry_after: *retry_after,
                limit_headers: std::mem::take(&mut reply.limit_headers),
                ..status_reply(*status, correlation_id)
            };
        }
        FaultEffect::RateLimited {
            policy,
            retry_after,
        } => {
            let refused = Reply::too_many_requests(*policy, *retry_after, false, correlation_id);
            *reply = Reply {
                limit_headers: std::mem::take(&mut reply.limit_headers),
                ..refused
            };
        }
        FaultEffect::MalformedJson => {
            reply.body.pop();
        }
        FaultEffect::EmptyBody => {
            reply.body.clear();
            reply.status = 200;
            reply.records = 0;
        }
        FaultEffect::CutBody
        | FaultEffect::Disconnect
        | FaultEffect::Hang(_)
        | FaultEffect::DeleteAfterwards { .. } => {}
    }
}

fn status_reply(status: u16, correlation_id: &str) -> Reply {
    let problem = match status {
        401 => Problem::unauthenticated(),
        403 => Problem::missing_scopes(&[]),
        404 => Problem::not_found("0"),
        423 => Problem::new(423, "The record is locked. Try again later."),
        429 => {
            let policy = LimitPolicy::TenSecondlyRolling;
            return Reply::too_many_requests(policy, None, false, correlation_id);
        }
        477 => Problem::new(477, "Migration in progress").with("category", "MIGRATION_IN_PROGRESS"),
        502 => return Reply::cloudflare(502, "Bad gateway"),
        521 => return Reply::cloudflare(521, "Web server is down"),
        522 => return Reply::cloudflare(522, "Connection timed out"),
        523 => return Reply::cloudflare(523, "Origin is unreachable"),
        524 => return Reply::cloudflare(524, "A timeout occurred"),
        530 => return Reply::cloudflare(530, "Origin DNS error"),
        status => Problem::new(status, "internal error"),
    };
    problem.reply(correlation_id)
}
