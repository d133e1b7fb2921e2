//! Matches calls that Gong links to nothing with CRM records.

use std::collections::HashMap;

use calls::CallId;
use serde::Serialize;
use snowflake_sql::Statement;

use crate::gong_context::Kind;
use crate::snowflake::{json, statements};
use crate::{CrmMatch, Result, instant};

#[derive(Serialize)]
struct MatchRow<'a> {
    call: &'a CallId,
    deal: Option<&'a str>,
    contact: Option<&'a str>,
    company: Option<&'a str>,
    reason: &'static str,
    matched_at: String,
}

#[derive(Serialize)]
struct LinkRow<'a> {
    call: &'a CallId,
    position: usize,
    kind: &'static str,
    id: &'a str,
}

/// Statements that store matches in the place of earlier ones; the first says of how many
/// calls. Of several of one call the last stays.
pub(in crate::snowflake) fn statements(matches: &[CrmMatch]) -> Result<Vec<Statement>> {
    let last: HashMap<&CallId, &CrmMatch> = matches
        .iter()
        .map(|matched| (&matched.call_id, matched))
        .collect();
    let mut kept: Vec<&CrmMatch> = last.into_values().collect();
    kept.sort_unstable_by_key(|matched| &matched.call_id);
    let rows: Vec<MatchRow<'_>> = kept
        .iter()
        .map(|matched| MatchRow {
            call: &matched.call_id,
            deal: matched.deals.first().map(AsRef::as_ref),
            contact: matched.contacts.first().map(AsRef::as_ref),
            company: matched.companies.first().map(AsRef::as_ref),
            reason: matched.reason.as_str(),
            matched_at: instant::text(matched.matched_at),
        })
        .collect();
    let ids: Vec<&CallId> = kept.iter().map(|matched| &matched.call_id).collect();
    let links: Vec<LinkRow<'_>> = kept.iter().flat_map(|matched| links(matched)).collect();
    let mut statements = vec![
        statements::SAVE_CRM_MATCHES.statement().bind(json(&rows)?),
        statements::DELETE_MATCHED_LINKS
            .statement()
            .bind(json(&ids)?),
    ];
    if !links.is_empty() {
        statements.push(
            statements::SAVE_MATCHED_LINKS
                .statement()
                .bind(json(&links)?),
        );
    }
    Ok(statements)
}

fn links(matched: &CrmMatch) -> impl Iterator<Item = LinkRow<'_>> {
    let deals = matched.deals.iter().map(|id| (Kind::Deal, id.as_str()));
    let contacts = matched
        .contacts
        .iter()
        .map(|id| (Kind::Contact, id.as_str()));
    let companies = matched
        .companies
        .iter()
        .map(|id| (Kind::Company, id.as_str()));
    deals
        .chain(contacts)
        .chain(companies)
        .enumerate()
        .map(|(position, (kind, id))| LinkRow {
            call: &matched.call_id,
            position,
            kind: kind.as_str(),
            id,
        })
}
