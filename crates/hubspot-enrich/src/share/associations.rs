//! Associations of records.

use std::collections::{BTreeMap, HashMap};

use calls::{Association, CompanyId, ContactId, CrmObjectKind, Deal, DealId};
use jiff::Timestamp;
use resilience::ErrorKind;
use snowflake_sql::{Identifier, Slot, SqlText, Statement};

use super::DataShare;
use super::columns::Columns;
use super::failure::of_sql;
use super::kind::ShareKind;
use super::records::json_array;
use crate::batch::distinct_by;
use crate::object_id::is_object_id;
use crate::{Batch, Error, Result};

/// Whether an association is the main one of its kind.
const MAIN: &str = "ISMAINASSOCIATIONDEFINITION";

/// Kinds that are associated, in the direction that is read where the share has it: of a
/// deal or contact with its companies, whose main one is known to be the primary company.
const PAIRS: [(CrmObjectKind, CrmObjectKind); 3] = [
    (CrmObjectKind::Deal, CrmObjectKind::Contact),
    (CrmObjectKind::Deal, CrmObjectKind::Company),
    (CrmObjectKind::Contact, CrmObjectKind::Company),
];

impl DataShare {
    pub(super) async fn associated(
        &self,
        from: &CrmObjectKind,
        ids: &[String],
        to: &CrmObjectKind,
    ) -> Result<Batch<Association, String>> {
        let unsupported = || {
            let message = format!("{from}s are not associated with {to} records in the share");
            Error::new(ErrorKind::Unsupported, message)
        };
        let pair = PAIRS
            .iter()
            .find(|(a, b)| (a == from && b == to) || (a == to && b == from))
            .ok_or_else(unsupported)?;
        let (Some(near), Some(far)) = (ShareKind::of(from), ShareKind::of(to)) else {
            return Err(unsupported());
        };
        let mut batch = Batch::empty(Timestamp::now());
        let asked = distinct_by(ids, |id| id.as_str());
        let possible: Vec<&String> = asked
            .iter()
            .copied()
            .filter(|id| is_object_id(id))
            .collect();
        let mut ends: HashMap<String, BTreeMap<String, bool>> = HashMap::new();
        if !possible.is_empty() {
            let rows = self
                .rows(|columns| {
                    let text = self.association_text(columns, pair, near, far)?;
                    Ok(Statement::new("share_associations", text).bind(json_array(&possible)))
                })
                .await?;
            let table = table_of(&*self.columns().await?, pair)?;
            batch.as_of = self.as_of(table, batch.read_at).await?;
            // Only companies are primary: what the flag means elsewhere is not known.
            let has_primary = *to == CrmObjectKind::Company || *from == CrmObjectKind::Company;
            for row in rows.iter() {
                let end = |column| row.required_text(column).map_err(of_sql);
                let is_main = row.boolean("IS_MAIN").map_err(of_sql)?.unwrap_or(false);
                let known = ends.entry(end("FROM_ID")?.to_owned()).or_default();
                // A row for each label that the pair has.
                *known.entry(end("TO_ID")?.to_owned()).or_default() |= is_main && has_primary;
            }
        }
        for id in asked {
            let Some(ends) = ends.remove(id) else {
                batch.missing.push(id.clone());
                continue;
            };
            let (primary, others): (Vec<_>, Vec<_>) =
                ends.into_iter().partition(|(_, is_primary)| *is_primary);
            let ends = primary.into_iter().chain(others);
            batch
                .found
                .extend(ends.map(|(to_id, is_primary)| Association {
                    from_id: id.clone(),
                    to_id,
                    is_primary,
                    labels: Vec::new(),
                }));
        }
        Ok(batch)
    }

    fn association_text(
        &self,
        columns: &Columns,
        pair: &(CrmObjectKind, CrmObjectKind),
        near: &ShareKind,
        far: &ShareKind,
    ) -> Result<SqlText> {
        let table = table_of(columns, pair)?;
        columns.require(table, &[near.key_column, far.key_column])?;
        let stored = |name: &str| Identifier::stored(name).map_err(of_sql);
        let (from, to, main) = (
            stored(near.key_column)?,
            stored(far.key_column)?,
            stored(MAIN)?,
        );
        let name = self.config.table(table)?;
        let slots = [
            ("from", Slot::Identifier(&from)),
            ("to", Slot::Identifier(&to)),
            ("table", Slot::Name(&name)),
        ];
        match columns.has(table, MAIN) {
            true => SqlText::template(
                include_str!("../../sql/associations.sql"),
                &[&slots[..], &[("main", Slot::Identifier(&main))]].concat(),
            ),
            false => SqlText::template(
                include_str!("../../sql/associations_without_main.sql"),
                &slots,
            ),
        }
        .map_err(of_sql)
    }

    /// Gives deals the contacts and companies that they are associated with, and says how
    /// old these are.
    pub(super) async fn fill_associations(&self, batch: &mut Batch<Deal, DealId>) -> Result<()> {
        let deals = &mut batch.found;
        let ids: Vec<String> = deals.iter().map(|deal| deal.id.to_string()).collect();
        let (contacts, companies) = tokio::try_join!(
            self.associated(&CrmObjectKind::Deal, &ids, &CrmObjectKind::Contact),
            self.associated(&CrmObjectKind::Deal, &ids, &CrmObjectKind::Company),
        )?;
        batch.as_of = batch.as_of.min(contacts.as_of).min(companies.as_of);
        let by_deal = |batch: Batch<Association, String>| {
            let mut ends: HashMap<String, Vec<String>> = HashMap::new();
            for association in batch.found {
                let known = ends.entry(association.from_id).or_default();
                known.push(association.to_id);
            }
            ends
        };
        let (mut contacts, mut companies) = (by_deal(contacts), by_deal(companies));
        for deal in deals {
            let id = deal.id.as_str();
            let ends = contacts.remove(id).unwrap_or_default();
            deal.contact_ids = ends.into_iter().map(ContactId::new).collect();
            let ends = companies.remove(id).unwrap_or_default();
            deal.company_ids = ends.into_iter().map(CompanyId::new).collect();
        }
        Ok(())
    }
}

/// The table in which the share has the associations of two kinds, in whichever direction.
fn table_of(
    columns: &Columns,
    (first, second): &(CrmObjectKind, CrmObjectKind),
) -> Result<&'static str> {
    let table = [(first, second), (second, first)]
        .into_iter()
        .find_map(|(a, b)| {
            let table = association_table(a, b)?;
            columns.has_table(table).then_some(table)
        });
    table.ok_or_else(|| {
        let message = format!("data share: no table associates {first} with {second}");
        Error::new(ErrorKind::Unsupported, message)
    })
}

/// The share's table for a direction.
fn association_table(from: &CrmObjectKind, to: &CrmObjectKind) -> Option<&'static str> {
    let plurals = (ShareKind::of(from)?.plural, ShareKind::of(to)?.plural);
    Some(match plurals {
        ("DEALS", "CONTACTS") => "ASSOCIATIONS_DEALS_TO_CONTACTS",
        ("CONTACTS", "DEALS") => "ASSOCIATIONS_CONTACTS_TO_DEALS",
        ("DEALS", "COMPANIES") => "ASSOCIATIONS_DEALS_TO_COMPANIES",
        ("COMPANIES", "DEALS") => "ASSOCIATIONS_COMPANIES_TO_DEALS",
        ("CONTACTS", "COMPANIES") => "ASSOCIATIONS_CONTACTS_TO_COMPANIES",
        ("COMPANIES", "CONTACTS") => "ASSOCIATIONS_COMPANIES_TO_CONTACTS",
        _ => return None,
    })
}
