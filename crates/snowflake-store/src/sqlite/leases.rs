//! Leases: read, judged and written in one transaction that others wait for.

use calls::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::failure::JobResult;
use super::{instant, statements};
use crate::{HeldBy, LeaseOutcome, LeaseOwner, LeaseRequest};

/// A row of the table.
struct Lease {
    owner: LeaseOwner,
    acquired_at: Timestamp,
    expires_at: Timestamp,
}

pub(super) fn acquire(
    connection: &mut Connection,
    request: &LeaseRequest,
) -> JobResult<LeaseOutcome> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let now = Timestamp::now();
    let current = read(&transaction, &request.name)?;
    let mut acquired_at = now;
    if let Some(lease) = current {
        if lease.owner == request.owner {
            acquired_at = lease.acquired_at;
        } else if lease.expires_at > now && !lease.owner.is_gone() {
            return Ok(LeaseOutcome::HeldBy(HeldBy {
                owner: lease.owner.to_string(),
                until: lease.expires_at,
            }));
        }
    }
    let expires_at = now.checked_add(request.duration).unwrap_or(Timestamp::MAX);
    transaction
        .prepare_cached(statements::SAVE_LEASE)?
        .execute(params![
            request.name,
            request.owner.label,
            request.owner.host,
            request.owner.pid,
            request.owner.started,
            instant::stamp(acquired_at),
            instant::stamp(expires_at),
        ])?;
    transaction.commit()?;
    Ok(LeaseOutcome::Held)
}

fn read(transaction: &Transaction<'_>, name: &str) -> JobResult<Option<Lease>> {
    let row = transaction
        .prepare_cached(statements::LEASE)?
        .query_row([name], |row| {
            let owner = LeaseOwner {
                label: row.get(0)?,
                host: row.get(1)?,
                pid: row.get(2)?,
                started: row.get(3)?,
            };
            Ok((owner, row.get::<_, String>(4)?, row.get::<_, String>(5)?))
        })
        .optional()?;
    let Some((owner, acquired_at, expires_at)) = row else {
        return Ok(None);
    };
    Ok(Some(Lease {
        owner,
        acquired_at: instant::parse(&acquired_at, "ACQUIRED_AT")?,
        expires_at: instant::parse(&expires_at, "EXPIRES_AT")?,
    }))
}

pub(super) fn release(
    connection: &mut Connection,
    name: &str,
    owner: &LeaseOwner,
) -> JobResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction
        .prepare_cached(statements::RELEASE_LEASE)?
        .execute(params![
            name,
            owner.label,
            owner.host,
            owner.pid,
            owner.started
        ])?;
    transaction.commit()?;
    Ok(())
}
