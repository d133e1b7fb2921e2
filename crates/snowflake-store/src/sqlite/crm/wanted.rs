//! What enrichment has to request from the CRM.

use calls::{Affiliation, CompanyId, ContactId, DealId, OwnerId, Timestamp};
use rusqlite::{Connection, params};

use crate::model::unlinked::Person;
use crate::sqlite::failure::JobResult;
use crate::sqlite::{instant, limit, statements};
use crate::{CrmWanted, UnlinkedCall};

pub(crate) fn wanted(
    connection: &Connection,
    older_than: Timestamp,
    at_most: usize,
) -> JobResult<CrmWanted> {
    let older_than = instant::text(older_than);
    let ids = |statement: &str| -> JobResult<Vec<String>> {
        let ids = connection
            .prepare_cached(statement)?
            .query_map(params![older_than, limit(at_most)], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    };
    Ok(CrmWanted {
        deals: wrap(ids(statements::WANTED_DEALS)?, DealId::new),
        contacts: wrap(ids(statements::WANTED_CONTACTS)?, ContactId::new),
        companies: wrap(ids(statements::WANTED_COMPANIES)?, CompanyId::new),
        owners: wrap(ids(statements::WANTED_OWNERS)?, OwnerId::new),
        unlinked: unlinked(connection, &older_than, at_most)?,
        other_systems: connection
            .prepare_cached(statements::OTHER_CRM_LINKS)?
            .query_row([], |row| row.get::<_, i64>(0))?
            .unsigned_abs(),
    })
}

fn wrap<T>(ids: Vec<String>, id: impl Fn(String) -> T) -> Vec<T> {
    ids.into_iter().map(id).collect()
}

fn unlinked(
    connection: &Connection,
    older_than: &str,
    at_most: usize,
) -> JobResult<Vec<UnlinkedCall>> {
    let mut statement = connection.prepare_cached(statements::WANTED_MATCHES)?;
    let mut rows = statement.query(params![older_than, limit(at_most)])?;
    let mut calls: Vec<UnlinkedCall> = Vec::new();
    while let Some(row) = rows.next()? {
        let person = Person {
            call_id: row.get_ref(0)?.as_str().unwrap_or_default(),
            started: instant::parse(&row.get::<_, String>(1)?, "CALL_DATETIME_UTC")?,
            email: &row.get::<_, String>(2)?,
            affiliation: Affiliation::parse(&row.get::<_, String>(3)?),
        };
        person.add_to(&mut calls);
    }
    Ok(calls)
}
