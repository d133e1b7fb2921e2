//! Records as the CRM has them.

use std::collections::HashMap;
use std::hash::Hash;

use calls::{Company, Contact, Deal, Owner, Stage, Timestamp};
use serde::Serialize;
use snowflake_sql::Statement;

use crate::gong_context::Kind;
use crate::snowflake::statements::{self, Query};
use crate::snowflake::{batches, json};
use crate::stage_stays::{self, StayRow};
use crate::{CrmSnapshot, Gone, GoneRecords, Result, instant};

/// Statements that mirror a snapshot, in one transaction. Of several records of one id
/// the last stays.
pub(in crate::snowflake) fn statements(
    snapshot: &CrmSnapshot,
    bytes: usize,
) -> Result<Vec<Statement>> {
    // Records last: what is found is there, whatever the list of gone ones says.
    let read_at = instant::text(snapshot.read_at);
    let mut statements = gone(&snapshot.gone, &read_at, bytes)?;
    let found = found(snapshot);
    if !found.is_empty() {
        statements.push(
            statements::FORGET_GONE_RECORDS
                .statement()
                .bind(json(&found)?),
        );
    }
    let as_of = snapshot.as_of.map(instant::text);
    let mirror = Mirror {
        read_at: &read_at,
        as_of: as_of.as_deref(),
        bytes,
    };
    let deals = last_of_each(&snapshot.deals, |deal| deal.id.as_str());
    let deals = deals
        .into_iter()
        .map(|deal| batches::row(&DealRow::of(deal)));
    statements.extend(mirror.rows(statements::SAVE_DEALS, deals)?);
    let contacts = last_of_each(&snapshot.contacts, |contact| contact.id.as_str());
    let contacts = contacts
        .into_iter()
        .map(|contact| batches::row(&ContactRow::of(contact)));
    statements.extend(mirror.rows(statements::SAVE_CONTACTS, contacts)?);
    let companies = last_of_each(&snapshot.companies, |company| company.id.as_str());
    let companies = companies
        .into_iter()
        .map(|company| batches::row(&CompanyRow::of(company)));
    statements.extend(mirror.rows(statements::SAVE_COMPANIES, companies)?);
    let stages = last_of_each(&snapshot.stages, |stage| {
        (stage.pipeline_id.as_str(), stage.id.as_str())
    });
    let stages = stages
        .into_iter()
        .map(|stage| batches::row(&StageRow::of(stage)));
    statements.extend(mirror.rows(statements::SAVE_STAGES, stages)?);
    let owners = last_of_each(&snapshot.owners, |owner| owner.id.as_str());
    let owners = owners
        .into_iter()
        .map(|owner| batches::row(&OwnerRow::of(owner)));
    statements.extend(mirror.rows(statements::SAVE_OWNERS, owners)?);
    Ok(statements)
}

struct Mirror<'a> {
    read_at: &'a str,
    as_of: Option<&'a str>,
    bytes: usize,
}

#[derive(Serialize)]
struct Snapshot<'a> {
    read_at: &'a str,
    as_of: Option<&'a str>,
    rows: Vec<batches::JsonRow>,
}

impl Mirror<'_> {
    fn rows(
        &self,
        query: Query,
        rows: impl Iterator<Item = Result<batches::JsonRow>>,
    ) -> Result<Vec<Statement>> {
        let statement = query.statement();
        batches::by_size(rows.collect::<Result<_>>()?, self.bytes)
            .into_iter()
            .map(|rows| {
                let snapshot = Snapshot {
                    read_at: self.read_at,
                    as_of: self.as_of,
                    rows,
                };
                Ok(statement.clone().bind(json(&snapshot)?))
            })
            .collect()
    }
}

#[derive(Serialize)]
struct RecordKey<'a> {
    kind: &'static str,
    id: &'a str,
}

#[derive(Serialize)]
struct GoneRow<'a> {
    kind: &'static str,
    id: &'a str,
    survivor: Option<&'a str>,
}

fn found(snapshot: &CrmSnapshot) -> Vec<RecordKey<'_>> {
    let key = |kind: Kind, id| RecordKey {
        kind: kind.as_str(),
        id,
    };
    let deals = snapshot
        .deals
        .iter()
        .map(|deal| key(Kind::Deal, deal.id.as_str()));
    let contacts = &snapshot.contacts;
    let contacts = contacts
        .iter()
        .map(|contact| key(Kind::Contact, contact.id.as_str()));
    let companies = &snapshot.companies;
    let companies = companies
        .iter()
        .map(|company| key(Kind::Company, company.id.as_str()));
    let owners = snapshot
        .owners
        .iter()
        .map(|owner| key(Kind::Owner, owner.id.as_str()));
    deals
        .chain(contacts)
        .chain(companies)
        .chain(owners)
        .collect()
}

fn gone(gone: &GoneRecords, read_at: &str, bytes: usize) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    let mut rows = Vec::new();
    let mut of_kind = |kind: Kind, delete: Query, records: Vec<(&str, Option<&str>)>| {
        if records.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = records.iter().map(|(id, _)| *id).collect();
        statements.push(delete.statement().bind(json(&ids)?));
        for (id, survivor) in latest_survivors(&records) {
            rows.push(batches::row(&GoneRow {
                kind: kind.as_str(),
                id,
                survivor,
            })?);
        }
        Ok::<_, crate::Error>(())
    };
    of_kind(Kind::Deal, statements::DELETE_DEALS, ids(&gone.deals))?;
    of_kind(
        Kind::Contact,
        statements::DELETE_CONTACTS,
        ids(&gone.contacts),
    )?;
    of_kind(
        Kind::Company,
        statements::DELETE_COMPANIES,
        ids(&gone.companies),
    )?;
    of_kind(Kind::Owner, statements::DELETE_OWNERS, ids(&gone.owners))?;
    if rows.is_empty() {
        return Ok(statements);
    }
    let mirror = Mirror {
        read_at,
        as_of: None,
        bytes,
    };
    statements.extend(mirror.rows(statements::SAVE_GONE_RECORDS, rows.into_iter().map(Ok))?);
    for query in [
        statements::FOLLOW_SURVIVORS,
        statements::RELINK_DEALS,
        statements::RELINK_CONTACTS,
        statements::RELINK_COMPANIES,
        statements::RELINK_OBJECTS,
    ] {
        statements.push(query.statement());
    }
    Ok(statements)
}

fn ids<Id: AsRef<str>>(gone: &[Gone<Id>]) -> Vec<(&str, Option<&str>)> {
    gone.iter()
        .map(|record| {
            let id = record.id.as_ref();
            // A record cannot stand for itself.
            let survivor = record.survivor.as_ref().map(AsRef::as_ref);
            (id, survivor.filter(|survivor| *survivor != id))
        })
        .collect()
}

/// Each id once, with the end of its chain of mergers within these.
fn latest_survivors<'a>(records: &[(&'a str, Option<&'a str>)]) -> Vec<(&'a str, Option<&'a str>)> {
    let survivors: HashMap<&str, Option<&str>> = records.iter().copied().collect();
    let latest = |id: &'a str| {
        let mut survivor = survivors.get(id).copied().flatten()?;
        // No chain is longer than there are records; a circle ends somewhere in it.
        for _ in 0..survivors.len() {
            match survivors.get(survivor).copied().flatten() {
                Some(next) if next != id => survivor = next,
                _ => break,
            }
        }
        Some(survivor)
    };
    let mut ids: Vec<&str> = survivors.keys().copied().collect();
    ids.sort_unstable();
    ids.into_iter().map(|id| (id, latest(id))).collect()
}

/// The last record of each key, in the order of those that stay.
fn last_of_each<'a, T, K: Eq + Hash>(records: &'a [T], key: impl Fn(&'a T) -> K) -> Vec<&'a T> {
    let last: HashMap<K, usize> = records
        .iter()
        .enumerate()
        .map(|(place, record)| (key(record), place))
        .collect();
    records
        .iter()
        .enumerate()
        .filter(|(place, record)| last.get(&key(record)) == Some(place))
        .map(|(_, record)| record)
        .collect()
}

#[derive(Serialize)]
struct DealRow<'a> {
    id: &'a str,
    name: Option<&'a str>,
    amount: Option<String>,
    currency: Option<&'a str>,
    pipeline: Option<&'a str>,
    stage: Option<&'a str>,
    stage_label: Option<&'a str>,
    probability: Option<f64>,
    close_date: Option<String>,
    created: Option<String>,
    owner: Option<&'a str>,
    owner_name: Option<&'a str>,
    outcome: &'static str,
    contacts: &'a [calls::ContactId],
    companies: &'a [calls::CompanyId],
    stage_stays: Vec<StayRow<'a>>,
}

impl<'a> DealRow<'a> {
    fn of(deal: &'a Deal) -> Self {
        let instant = |instant: Option<Timestamp>| instant.map(instant::text);
        Self {
            id: deal.id.as_str(),
            name: deal.name.as_deref(),
            amount: deal.amount.map(|amount| amount.to_string()),
            currency: deal.currency.as_deref(),
            pipeline: deal.pipeline_id.as_ref().map(AsRef::as_ref),
            stage: deal.stage_id.as_ref().map(AsRef::as_ref),
            stage_label: deal.stage_label.as_deref(),
            probability: deal.probability,
            close_date: instant(deal.close_date),
            created: instant(deal.created),
            owner: deal.owner_id.as_ref().map(AsRef::as_ref),
            owner_name: deal.owner_name.as_deref(),
            outcome: deal.outcome.as_str(),
            contacts: &deal.contact_ids,
            companies: &deal.company_ids,
            stage_stays: stage_stays::rows(&deal.stage_stays),
        }
    }
}

#[derive(Serialize)]
struct ContactRow<'a> {
    id: &'a str,
    email: Option<&'a str>,
    name: Option<&'a str>,
    title: Option<&'a str>,
    company: Option<&'a str>,
}

impl<'a> ContactRow<'a> {
    fn of(contact: &'a Contact) -> Self {
        Self {
            id: contact.id.as_str(),
            email: contact.email.as_deref(),
            name: contact.name.as_deref(),
            title: contact.title.as_deref(),
            company: contact.company_id.as_ref().map(AsRef::as_ref),
        }
    }
}

#[derive(Serialize)]
struct CompanyRow<'a> {
    id: &'a str,
    name: Option<&'a str>,
    domain: Option<&'a str>,
    industry: Option<&'a str>,
}

impl<'a> CompanyRow<'a> {
    fn of(company: &'a Company) -> Self {
        Self {
            id: company.id.as_str(),
            name: company.name.as_deref(),
            domain: company.domain.as_deref(),
            industry: company.industry.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct StageRow<'a> {
    pipeline: &'a str,
    id: &'a str,
    label: &'a str,
    probability: Option<f64>,
    display_order: u32,
}

impl<'a> StageRow<'a> {
    fn of(stage: &'a Stage) -> Self {
        Self {
            pipeline: stage.pipeline_id.as_str(),
            id: stage.id.as_str(),
            label: &stage.label,
            probability: stage.probability,
            display_order: stage.display_order,
        }
    }
}

#[derive(Serialize)]
struct OwnerRow<'a> {
    id: &'a str,
    name: Option<&'a str>,
    email: Option<&'a str>,
    archived: bool,
}

impl<'a> OwnerRow<'a> {
    fn of(owner: &'a Owner) -> Self {
        Self {
            id: owner.id.as_str(),
            name: owner.name.as_deref(),
            email: owner.email.as_deref(),
            archived: owner.archived,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survivors_are_the_ends_of_chains() {
        let chain = [
            ("a", Some("b")),
            ("b", Some("c")),
            ("c", Some("d")),
            ("x", None),
        ];
        assert_eq!(
            latest_survivors(&chain),
            [
                ("a", Some("d")),
                ("b", Some("d")),
                ("c", Some("d")),
                ("x", None)
            ]
        );
    }

    #[test]
    fn a_circle_of_mergers_ends() {
        let circle = [("a", Some("b")), ("b", Some("a"))];
        assert_eq!(
            latest_survivors(&circle),
            [("a", Some("b")), ("b", Some("a"))]
        );
    }

    #[test]
    fn the_last_of_each_key_stays() {
        let records = [("1", 1), ("2", 2), ("1", 3)];
        assert_eq!(
            last_of_each(&records, |record| record.0),
            [&("2", 2), &("1", 3)]
        );
    }
}
