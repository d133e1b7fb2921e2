//! Links of calls with CRM records.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::gong_context::Link;
use crate::sqlite::failure::JobResult;
use crate::sqlite::statements;

/// Links with survivors in the place of records that were merged, each once.
pub(crate) fn resolved(transaction: &Transaction<'_>, links: Vec<Link>) -> JobResult<Vec<Link>> {
    let mut statement = transaction.prepare_cached(statements::SURVIVOR)?;
    let mut seen = HashSet::with_capacity(links.len());
    let mut resolved = Vec::with_capacity(links.len());
    for mut link in links {
        let survivor = statement
            .query_row(params![link.kind.as_str(), link.id], |row| row.get(0))
            .optional()?;
        link.id = survivor.unwrap_or(link.id);
        if seen.insert(link.clone()) {
            resolved.push(link);
        }
    }
    Ok(resolved)
}

/// Writes the links of a call that has none.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    call_key: i64,
    call_id: &str,
    links: &[Link],
) -> JobResult<()> {
    let mut statement = transaction.prepare_cached(statements::STAGE_CRM_LINK)?;
    for (index, link) in (0_i64..).zip(links) {
        statement.execute(params![
            (call_key << 24) | index,
            call_id,
            index,
            link.kind.as_str(),
            link.id,
        ])?;
    }
    Ok(())
}
