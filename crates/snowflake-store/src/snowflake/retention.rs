//! Removes what is too old.

use calls::Timestamp;
use resilience::ErrorKind;
use snowflake_sql::Rows;

use super::counted::Counted;
use super::failure::of_sql;
use super::statements::{self, Query};
use super::{bounded_instant, now};
use crate::cleaning::Cleaning;
use crate::{Error, Result, instant};

fn cleanings() -> Vec<Cleaning<Query>> {
    crate::cleaning::cleanings!(statements)
}

/// Plans what policies, as `retention_policies` reads them, say at an instant.
///
/// # Errors
/// `Config` when a policy names a table that retention does not know.
pub(super) fn plan(policies: &Rows, at: Timestamp) -> Result<Counted> {
    let mut days_of = Vec::new();
    let cleanings = cleanings();
    for row in policies.iter() {
        let table = row.required_text("TABLE_NAME").map_err(of_sql)?;
        if !cleanings.iter().any(|cleaning| cleaning.policy == table) {
            return Err(Error::new(
                ErrorKind::Config,
                format!("GONG_DATA_RETENTION_POLICY names {table}, which retention does not cover"),
            )
            .with_field("TABLE_NAME"));
        }
        days_of.push((table, row.integer("RETENTION_DAYS").map_err(of_sql)?));
    }
    let mut retention = Counted::new();
    for cleaning in cleanings {
        let policy = days_of.iter().find(|(table, _)| *table == cleaning.policy);
        let Some(days) = policy.and_then(|(_, days)| *days) else {
            continue;
        };
        let oldest = bounded_instant(instant::days_before(at, days));
        for (table, query) in cleaning.steps {
            retention.add(table, query.statement().bind(oldest.as_str()));
        }
    }
    retention.add("CRM_CONTACTS", statements::RETAIN_CONTACTS.statement());
    let recorded = statements::RECORD_CLEANUPS.statement().bind(now());
    retention.add_uncounted(recorded);
    let forget_readings = statements::FORGET_READINGS.statement();
    retention.add_uncounted(forget_readings);
    Ok(retention)
}
