//! What enrichment has to request from the CRM.

use calls::{Affiliation, Timestamp};
use serde::Serialize;

use crate::model::unlinked::Person;
use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::store::SnowflakeStore;
use crate::snowflake::{bounded_instant, json, limit, statements};
use crate::{CrmWanted, Result};

#[derive(Serialize)]
struct Asked {
    older_than: String,
    limit: i64,
}

pub(in crate::snowflake) async fn wanted(
    store: &SnowflakeStore,
    older_than: Timestamp,
    at_most: usize,
) -> Result<CrmWanted> {
    let asked = Asked {
        older_than: bounded_instant(older_than),
        limit: limit(at_most),
    };
    let statement = statements::WANTED.statement().bind(json(&asked)?);
    let rows = store.ask(&statement).await?;
    let mut wanted = CrmWanted::default();
    for row in rows.iter() {
        let id = || row.required_text("ID").map_err(of_sql);
        match row.required_text("WHAT").map_err(of_sql)? {
            "deal" => wanted.deals.push(id()?.into()),
            "contact" => wanted.contacts.push(id()?.into()),
            "company" => wanted.companies.push(id()?.into()),
            "owner" => wanted.owners.push(id()?.into()),
            "other_systems" => {
                let links = row.integer("PLACE").map_err(of_sql)?;
                wanted.other_systems = links.unwrap_or_default().unsigned_abs();
            }
            _ => {
                let started = row.timestamp("STARTED_AT").map_err(of_sql)?;
                let affiliation = row.required_text("AFFILIATION").map_err(of_sql)?;
                let person = Person {
                    call_id: id()?,
                    started: started.ok_or_else(|| unreadable("CALL_DATETIME_UTC"))?,
                    email: row.required_text("EMAIL").map_err(of_sql)?,
                    affiliation: Affiliation::parse(affiliation),
                };
                person.add_to(&mut wanted.unlinked);
            }
        }
    }
    Ok(wanted)
}
