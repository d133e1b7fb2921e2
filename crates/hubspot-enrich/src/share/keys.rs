//! Records by a key other than the id.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use snowflake_sql::{Row, Statement};

use super::DataShare;
use super::failure::of_sql;
use super::kind::ShareRecord;
use super::records::{json_array, read, value};
use crate::batch::distinct_by;
use crate::record::{ADDITIONAL_EMAILS, addresses};
use crate::{Batch, KeyMatch, Result, match_key};

/// How a kind of record is found by a key.
pub(super) struct KeyColumn {
    name: &'static str,
    template: &'static str,
    /// Without this column nothing is found.
    column: &'static str,
    /// A column of further keys, and the statement that takes them twice.
    further: Option<(&'static str, &'static str)>,
    /// The keys of a row, spelled as they are compared.
    keys: fn(Row<'_>) -> Vec<String>,
}

/// Contacts by their addresses.
pub(super) const EMAIL: KeyColumn = KeyColumn {
    name: "share_contacts_by_email",
    template: include_str!("../../sql/contacts_by_email.sql"),
    column: "PROPERTY_EMAIL",
    further: Some((
        "PROPERTY_HS_ADDITIONAL_EMAILS",
        include_str!("../../sql/contacts_by_any_email.sql"),
    )),
    keys: |row| addresses(value(row, "email"), value(row, ADDITIONAL_EMAILS)),
};

/// Companies by their domain.
pub(super) const DOMAIN: KeyColumn = KeyColumn {
    name: "share_companies_by_domain",
    template: include_str!("../../sql/companies_by_domain.sql"),
    column: "PROPERTY_DOMAIN",
    further: None,
    keys: |row| {
        value(row, "domain")
            .map(match_key::domain)
            .into_iter()
            .collect()
    },
};

impl DataShare {
    pub(super) async fn by_key<R: ShareRecord>(
        &self,
        keys: &[String],
        key_column: &KeyColumn,
        spell: fn(&str) -> String,
    ) -> Result<Batch<R, String>> {
        let mut batch = Batch::empty(Timestamp::now());
        let asked = distinct_by(keys, |key| spell(key));
        let spelled: Vec<String> = asked
            .iter()
            .map(|key| spell(key))
            .filter(|key| !key.is_empty())
            .collect();
        let mut by_key: HashMap<String, Vec<String>> = HashMap::new();
        let mut found: BTreeMap<String, R> = BTreeMap::new();
        if !spelled.is_empty() && self.columns().await?.has(R::TABLE, key_column.column) {
            let rows = self
                .rows(|columns| {
                    let further = key_column
                        .further
                        .filter(|(column, _)| columns.has(R::TABLE, column));
                    let template = further.map_or(key_column.template, |(_, template)| template);
                    let text = self.select::<R>(columns, &[], template)?;
                    let keys = json_array(&spelled);
                    let statement = Statement::new(key_column.name, text).bind(keys.clone());
                    Ok(match further {
                        Some(_) => statement.bind(keys),
                        None => statement,
                    })
                })
                .await?;
            batch.as_of = self.as_of(R::TABLE, batch.read_at).await?;
            for row in rows.iter() {
                let id = row.required_text("OBJECTID").map_err(of_sql)?;
                for key in (key_column.keys)(row) {
                    by_key.entry(key).or_default().push(id.to_owned());
                }
            }
            for record in read::<R>(&rows, &[], &mut batch.unreadable)? {
                found.insert(record.id().as_ref().to_owned(), record);
            }
        }
        for key in asked {
            let mut ids = by_key.remove(&spell(key)).unwrap_or_default();
            if ids.is_empty() {
                batch.missing.push(key.clone());
            }
            ids.sort();
            ids.dedup();
            batch.matches.extend(ids.into_iter().map(|id| KeyMatch {
                key: key.clone(),
                id,
            }));
        }
        batch.found = found.into_values().collect();
        Ok(batch)
    }
}
