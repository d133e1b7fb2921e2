//! Records as the CRM has them.

use calls::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::erasure::guard_crm;
use crate::gong_context::Kind;
use crate::sqlite::failure::JobResult;
use crate::sqlite::{erasure, instant, json, statements};
use crate::{CrmSnapshot, Gone, stage_stays};

/// Mirrors a snapshot in one transaction.
pub(crate) fn save(connection: &mut Connection, mut snapshot: CrmSnapshot) -> JobResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    guard_crm(&erasure::load(&transaction)?, &mut snapshot);
    let mirror = Mirror {
        transaction: &transaction,
        read_at: instant::text(snapshot.read_at),
        as_of: snapshot.as_of.map(instant::text),
    };
    // Records last: what is found is there, whatever the list of gone ones says.
    let gone = &snapshot.gone;
    mirror.gone(Kind::Deal, statements::DELETE_DEAL, &gone.deals)?;
    mirror.gone(Kind::Contact, statements::DELETE_CONTACT, &gone.contacts)?;
    mirror.gone(Kind::Company, statements::DELETE_COMPANY, &gone.companies)?;
    mirror.gone(Kind::Owner, statements::DELETE_OWNER, &gone.owners)?;
    mirror.records(&snapshot)?;
    transaction.commit()?;
    Ok(())
}

struct Mirror<'a> {
    transaction: &'a Transaction<'a>,
    read_at: String,
    as_of: Option<String>,
}

impl Mirror<'_> {
    fn execute(&self, statement: &str, parameters: impl rusqlite::Params) -> JobResult<()> {
        self.transaction
            .prepare_cached(statement)?
            .execute(parameters)?;
        Ok(())
    }

    fn gone<Id: AsRef<str>>(&self, kind: Kind, delete: &str, gone: &[Gone<Id>]) -> JobResult<()> {
        for record in gone {
            let id = record.id.as_ref();
            // A record cannot stand for itself.
            let survivor = record
                .survivor
                .as_ref()
                .map(AsRef::as_ref)
                .filter(|survivor| *survivor != id);
            self.execute(delete, [id])?;
            self.execute(
                statements::SAVE_GONE_RECORD,
                params![kind.as_str(), id, survivor, self.read_at],
            )?;
            if let Some(survivor) = survivor {
                for statement in [
                    statements::FOLLOW_SURVIVOR,
                    statements::RELINK_CALLS,
                    statements::RELINK_OBJECTS,
                ] {
                    self.execute(statement, [kind.as_str(), id, survivor])?;
                }
            }
        }
        Ok(())
    }

    fn is_there(&self, kind: Kind, id: &str) -> JobResult<()> {
        self.execute(statements::FORGET_GONE_RECORD, [kind.as_str(), id])
    }

    fn records(&self, snapshot: &CrmSnapshot) -> JobResult<()> {
        let instant = |instant: Option<Timestamp>| instant.map(instant::text);
        for deal in &snapshot.deals {
            self.is_there(Kind::Deal, deal.id.as_str())?;
            self.execute(
                statements::SAVE_DEAL,
                params![
                    deal.id.as_str(),
                    deal.name,
                    deal.amount.map(|amount| amount.to_string()),
                    deal.currency,
                    deal.pipeline_id.as_ref().map(AsRef::<str>::as_ref),
                    deal.stage_id.as_ref().map(AsRef::<str>::as_ref),
                    deal.stage_label,
                    deal.probability,
                    instant(deal.close_date),
                    instant(deal.created),
                    deal.owner_id.as_ref().map(AsRef::<str>::as_ref),
                    deal.owner_name,
                    deal.outcome.as_str(),
                    json(&deal.contact_ids)?,
                    json(&deal.company_ids)?,
                    self.read_at,
                    self.as_of,
                    json(&stage_stays::rows(&deal.stage_stays))?,
                ],
            )?;
        }
        for contact in &snapshot.contacts {
            self.is_there(Kind::Contact, contact.id.as_str())?;
            self.execute(
                statements::SAVE_CONTACT,
                params![
                    contact.id.as_str(),
                    contact.email,
                    contact.name,
                    contact.title,
                    contact.company_id.as_ref().map(AsRef::<str>::as_ref),
                    self.read_at,
                ],
            )?;
        }
        for company in &snapshot.companies {
            self.is_there(Kind::Company, company.id.as_str())?;
            self.execute(
                statements::SAVE_COMPANY,
                params![
                    company.id.as_str(),
                    company.name,
                    company.domain,
                    company.industry,
                    self.read_at,
                ],
            )?;
        }
        for stage in &snapshot.stages {
            self.execute(
                statements::SAVE_STAGE,
                params![
                    stage.pipeline_id.as_str(),
                    stage.id.as_str(),
                    stage.label,
                    stage.probability,
                    stage.display_order,
                    self.read_at,
                ],
            )?;
        }
        for owner in &snapshot.owners {
            self.is_there(Kind::Owner, owner.id.as_str())?;
            self.execute(
                statements::SAVE_OWNER,
                params![
                    owner.id.as_str(),
                    owner.name,
                    owner.email,
                    owner.archived,
                    self.read_at,
                ],
            )?;
        }
        Ok(())
    }
}
