//! Records by a key other than the id.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use snowflake_sql::Statement;

use super::DataShare;
use super::kind::ShareRecord;
use super::records::{json_array, read};
use crate::batch::distinct_by;
use crate::{Batch, KeyMatch, Result};

/// How a kind of record is found by a key.
pub(super) struct KeyColumn<R> {
    name: &'static str,
    template: &'static str,
    /// Without this column nothing is found.
    column: &'static str,
    key: fn(&R) -> Option<&str>,
}

/// Contacts by their main address.
pub(super) const EMAIL: KeyColumn<calls::Contact> = KeyColumn {
    name: "share_contacts_by_email",
    template: include_str!("../../sql/contacts_by_email.sql"),
    column: "PROPERTY_EMAIL",
    key: |contact| contact.email.as_deref(),
};

/// Companies by their domain.
pub(super) const DOMAIN: KeyColumn<calls::Company> = KeyColumn {
    name: "share_companies_by_domain",
    template: include_str!("../../sql/companies_by_domain.sql"),
    column: "PROPERTY_DOMAIN",
    key: |company| company.domain.as_deref(),
};

impl DataShare {
    pub(super) async fn by_key<R: ShareRecord>(
        &self,
        keys: &[String],
        key_column: &KeyColumn<R>,
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
                    let text = self.select::<R>(columns, &[], key_column.template)?;
                    Ok(Statement::new(key_column.name, text).bind(json_array(&spelled)))
                })
                .await?;
            batch.as_of = self.as_of(R::TABLE, batch.read_at).await?;
            for record in read::<R>(&rows, &[], &mut batch.unreadable)? {
                let id = record.id().as_ref().to_owned();
                if let Some(key) = (key_column.key)(&record) {
                    by_key.entry(spell(key)).or_default().push(id.clone());
                }
                found.insert(id, record);
            }
        }
        for key in asked {
            let mut ids = by_key.remove(&spell(key)).unwrap_or_default();
            if ids.is_empty() {
                batch.missing.push(key.clone());
            }
            ids.sort();
            batch.matches.extend(ids.into_iter().map(|id| KeyMatch {
                key: key.clone(),
                id,
            }));
        }
        batch.found = found.into_values().collect();
        Ok(batch)
    }
}
