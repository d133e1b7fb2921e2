//! What stands beside calls: letters, settings of runs, failures, the CRM mirror.

use serde_json::{Value, json};
use snowflake_sql::Rows;

use super::people::{gong_records, records_of};
use super::plan::Plan;
use crate::Result;
use crate::erasure::{Erased, Kind, Scrubber, TOKEN};
use crate::records::names_somebody;
use crate::snowflake::failure::of_sql;
use crate::snowflake::statements;
use crate::snowflake::store::SnowflakeStore;

pub(super) async fn plan(store: &SnowflakeStore, erased: &Erased, plan: &mut Plan) -> Result<()> {
    let scrubber = Scrubber::new(erased);
    let letters = store.ask(&statements::ERASABLE_LETTERS.statement()).await?;
    let letters = with_somebody(&letters, &scrubber, "LETTER_ID", "PAYLOAD")?;
    let letters: Vec<String> = letters.into_iter().map(|(id, _)| id).collect();
    plan.add_rows(
        "GONG_DEAD_LETTERS",
        || statements::ERASE_LETTERS.statement(),
        &letters,
    )?;
    let steps = store
        .ask(&statements::ERASABLE_SETTINGS.statement())
        .await?;
    let steps = with_somebody(&steps, &scrubber, "STATE_ID", "SETTINGS")?;
    let steps: Vec<Value> = steps
        .into_iter()
        .map(|(id, left)| json!({"id": id, "settings": left}))
        .collect();
    plan.add_rows(
        "GONG_INGESTION_STATE",
        || statements::ERASE_SETTINGS.statement(),
        &steps,
    )?;
    let reasons = store.ask(&statements::ERASABLE_ERRORS.statement()).await?;
    let reasons = with_somebody(&reasons, &scrubber, "REASON", "REASON")?;
    let reasons: Vec<String> = reasons.into_iter().map(|(reason, _)| reason).collect();
    plan.add_rows(
        "GONG_PROCEDURE_ERRORS",
        || statements::ERASE_PROCEDURE_ERRORS.statement(),
        &reasons,
    )?;
    let of_somebody: Vec<Value> = gong_records(store)
        .await?
        .into_iter()
        .filter(|(_, _, json)| names_somebody(erased, json))
        .map(|(stream, key, _)| json!({"stream": stream, "key": key}))
        .collect();
    plan.add_rows(
        "GONG_RECORDS_RAW",
        || statements::ERASE_RECORDS.statement(),
        &of_somebody,
    )?;
    let contacts = records_of(store, statements::ERASABLE_CONTACTS).await?;
    let contacts: Vec<String> = contacts
        .into_iter()
        .filter(|contact| contact.is_erased(erased, true))
        .map(|contact| contact.id)
        .collect();
    plan.add_rows(
        "CRM_CONTACTS",
        || statements::DELETE_CONTACTS.statement(),
        &contacts,
    )?;
    let owners = records_of(store, statements::ERASABLE_OWNERS).await?;
    let owners: Vec<Value> = owners
        .into_iter()
        .filter(|owner| owner.is_erased(erased, false))
        .map(|owner| json!({"id": owner.id, "name": TOKEN}))
        .collect();
    plan.add_rows(
        "CRM_OWNERS",
        || statements::ERASE_OWNERS.statement(),
        &owners,
    )?;
    let deals = store.ask(&statements::ERASABLE_DEALS.statement()).await?;
    let deals = deals_with_somebody(&deals, erased, &scrubber).map_err(of_sql)?;
    plan.add_rows("CRM_DEALS", || statements::ERASE_DEALS.statement(), &deals)
}

/// Keys of rows in whose text somebody stands, with what is left of it.
fn with_somebody(
    rows: &Rows,
    scrubber: &Scrubber<'_>,
    key: &str,
    column: &str,
) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for row in rows.iter() {
        let text = row.text(column).map_err(of_sql)?.unwrap_or_default();
        if let Some(left) = scrubber.scrub(text) {
            let key = row.required_text(key).map_err(of_sql)?;
            found.push((key.to_owned(), left));
        }
    }
    Ok(found)
}

fn deals_with_somebody(
    rows: &Rows,
    erased: &Erased,
    scrubber: &Scrubber<'_>,
) -> snowflake_sql::Result<Vec<Value>> {
    let mut deals = Vec::new();
    for row in rows.iter() {
        let contacts = row.text("CONTACT_IDS")?.unwrap_or("[]");
        let ids: Vec<String> = serde_json::from_str(contacts).unwrap_or_default();
        let stay: Vec<&String> = ids
            .iter()
            .filter(|id| !erased.holds(Kind::Contact, id))
            .collect();
        let (name, owner) = (row.text("DEAL_NAME")?, row.text("OWNER_NAME")?);
        let left = |text: Option<&str>| text.and_then(|text| scrubber.scrub(text));
        let (name_left, owner_left) = (left(name), left(owner));
        if name_left.is_none() && owner_left.is_none() && stay.len() == ids.len() {
            continue;
        }
        deals.push(json!({
            "id": row.required_text("DEAL_ID")?,
            "name": name_left.as_deref().or(name),
            "owner": owner_left.as_deref().or(owner),
            "contacts": stay,
        }));
    }
    Ok(deals)
}
