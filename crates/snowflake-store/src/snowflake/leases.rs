//! Leases, by the server's clock, since clients' clocks may differ.

use serde::Serialize;
use snowflake_sql::{Rows, Statement};

use super::failure::{of_sql, unreadable};
use super::store::SnowflakeStore;
use super::{json, statements};
use crate::{HeldBy, LeaseOutcome, LeaseOwner, LeaseRequest, Result};

#[derive(Serialize)]
struct Request<'a> {
    name: &'a str,
    owner: &'a str,
    host: &'a str,
    pid: u32,
    started: &'a str,
    milliseconds: u64,
}

/// Asks, and asks again behind an owner who has certainly gone.
pub(super) async fn acquire(
    store: &SnowflakeStore,
    request: &LeaseRequest,
) -> Result<LeaseOutcome> {
    request.validate()?;
    let (mut owner, mut held) = ask(store, request, None).await?;
    if owner != request.owner && owner.is_gone() {
        (owner, held) = ask(store, request, Some(owner)).await?;
    }
    Ok(if owner == request.owner {
        LeaseOutcome::Held
    } else {
        LeaseOutcome::HeldBy(held)
    })
}

/// Takes the lease if it is free, in one transaction that others wait for; says who has it
/// then.
async fn ask(
    store: &SnowflakeStore,
    request: &LeaseRequest,
    gone: Option<LeaseOwner>,
) -> Result<(LeaseOwner, HeldBy)> {
    let LeaseRequest {
        name,
        owner,
        duration,
    } = request;
    let wanted = Request {
        name,
        owner: &owner.label,
        host: &owner.host,
        pid: owner.pid,
        started: &owner.started,
        milliseconds: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
    };
    let mut transaction = vec![statements::LOCK_LEASES.statement()];
    transaction.extend(gone.map(|gone| release(name, &gone)));
    transaction.push(statements::ACQUIRE_LEASE.statement().bind(json(&wanted)?));
    transaction.push(statements::LEASE.statement().bind(name.as_str()));
    let replies = store.write(&transaction).await?;
    holder(replies.last())
}

fn holder(rows: Option<&Rows>) -> Result<(LeaseOwner, HeldBy)> {
    let row = rows
        .and_then(Rows::first)
        .ok_or_else(|| unreadable("OWNER"))?;
    let text = |column| row.required_text(column).map_err(of_sql);
    let pid = row.integer("PID").map_err(of_sql)?;
    let owner = LeaseOwner {
        label: text("OWNER")?.to_owned(),
        host: text("HOST")?.to_owned(),
        pid: pid
            .and_then(|pid| u32::try_from(pid).ok())
            .ok_or_else(|| unreadable("PID"))?,
        started: text("STARTED")?.to_owned(),
    };
    let until = row.timestamp("EXPIRES_AT").map_err(of_sql)?;
    let held = HeldBy {
        owner: owner.to_string(),
        until: until.ok_or_else(|| unreadable("EXPIRES_AT"))?,
    };
    Ok((owner, held))
}

/// Gives a lease back, if its owner still has it.
pub(super) fn release(name: &str, owner: &LeaseOwner) -> Statement {
    statements::RELEASE_LEASE
        .statement()
        .bind(name)
        .bind(owner.label.as_str())
        .bind(owner.host.as_str())
        .bind(owner.pid)
        .bind(owner.started.as_str())
}
