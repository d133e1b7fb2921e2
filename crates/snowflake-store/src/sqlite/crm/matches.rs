//! Matches calls that Gong links to nothing with CRM records.

use rusqlite::{Connection, TransactionBehavior, params};

use super::links;
use crate::CrmMatch;
use crate::gong_context::{self, Kind, Link};
use crate::sqlite::failure::JobResult;
use crate::sqlite::{instant, statements};

/// Stores matches in the place of earlier ones; returns for how many calls.
pub(crate) fn save_matches(connection: &mut Connection, matches: &[CrmMatch]) -> JobResult<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut saved = 0;
    for matched in matches {
        let links = links::resolved(&transaction, links_of(matched))?;
        let id = matched.call_id.as_str();
        let updated = transaction
            .prepare_cached(statements::SAVE_CRM_MATCH)?
            .execute(params![
                id,
                gong_context::first(&links, Kind::Deal),
                gong_context::first(&links, Kind::Contact),
                gong_context::first(&links, Kind::Company),
                matched.reason.as_str(),
                instant::text(matched.matched_at),
            ])?;
        if updated == 0 {
            continue;
        }
        let key: i64 = transaction
            .prepare_cached(statements::CALL_KEY)?
            .query_row([id], |row| row.get(0))?;
        transaction
            .prepare_cached(statements::DELETE_CRM_LINKS)?
            .execute([id])?;
        links::insert(&transaction, key, id, &links)?;
        saved += 1;
    }
    transaction.commit()?;
    Ok(saved)
}

fn links_of(matched: &CrmMatch) -> Vec<Link> {
    let link = |kind: Kind, id: &str| Link {
        kind,
        id: id.to_owned(),
    };
    let deals = matched.deals.iter().map(|id| link(Kind::Deal, id.as_str()));
    let contacts = matched
        .contacts
        .iter()
        .map(|id| link(Kind::Contact, id.as_str()));
    let companies = matched
        .companies
        .iter()
        .map(|id| link(Kind::Company, id.as_str()));
    deals.chain(contacts).chain(companies).collect()
}
