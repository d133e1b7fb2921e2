//! What stands beside calls: letters, settings of runs, the CRM mirror.

use rusqlite::params;

use super::erasing::Erasing;
use crate::erasure::{Kind, Scrubber, TOKEN};
use crate::records::names_somebody;
use crate::sqlite::failure::JobResult;
use crate::sqlite::{json, statements};

impl Erasing<'_> {
    pub(super) fn records(&mut self) -> JobResult<()> {
        self.letters()?;
        self.settings()?;
        self.erase_gong_records()?;
        self.contacts()?;
        self.owners()?;
        self.deals()
    }

    fn scrubbed(&self, text: &str) -> Option<String> {
        Scrubber::new(&self.erased).scrub(text)
    }

    /// Records that could not be read are kept as they came, whatever they hold.
    fn letters(&mut self) -> JobResult<()> {
        let letters: Vec<(i64, String)> = self.read(statements::ERASABLE_LETTERS, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        for (letter, payload) in letters {
            if self.scrubbed(&payload).is_some() {
                self.change("GONG_DEAD_LETTERS", statements::ERASE_LETTER, [letter])?;
            }
        }
        Ok(())
    }

    fn settings(&mut self) -> JobResult<()> {
        let steps: Vec<(i64, String)> = self.read(statements::ERASABLE_SETTINGS, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        for (step, settings) in steps {
            if let Some(left) = self.scrubbed(&settings) {
                self.change(
                    "GONG_INGESTION_STATE",
                    statements::ERASE_SETTINGS,
                    params![step, left],
                )?;
            }
        }
        Ok(())
    }

    /// Streams, keys and documents of Gong's records.
    pub(super) fn gong_records(&self) -> JobResult<Vec<(String, String, String)>> {
        self.read(statements::ERASABLE_RECORDS, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
    }

    /// A record that names somebody goes as a whole.
    fn erase_gong_records(&mut self) -> JobResult<()> {
        for (stream, key, json) in self.gong_records()? {
            if names_somebody(&self.erased, &json) {
                self.change(
                    "GONG_RECORDS_RAW",
                    statements::ERASE_RECORD,
                    [stream.as_str(), key.as_str()],
                )?;
            }
        }
        Ok(())
    }

    fn contacts(&mut self) -> JobResult<()> {
        for (id, email, _) in self.people_of_crm(statements::ERASABLE_CONTACTS)? {
            if self.is_contact(&id, email.as_deref()) {
                self.change("CRM_CONTACTS", statements::DELETE_CONTACT, [id])?;
            }
        }
        Ok(())
    }

    fn owners(&mut self) -> JobResult<()> {
        for (id, email, _) in self.people_of_crm(statements::ERASABLE_OWNERS)? {
            if self.is_address(email.as_deref()) {
                self.change("CRM_OWNERS", statements::ERASE_OWNER, [id.as_str(), TOKEN])?;
            }
        }
        Ok(())
    }

    fn deals(&mut self) -> JobResult<()> {
        type Deal = (String, Option<String>, Option<String>, String);
        let deals: Vec<Deal> = self.read(statements::ERASABLE_DEALS, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        for (id, name, owner, contacts) in deals {
            let ids: Vec<String> = serde_json::from_str(&contacts).unwrap_or_default();
            let stay: Vec<&String> = ids
                .iter()
                .filter(|id| !self.erased.holds(Kind::Contact, id))
                .collect();
            let left = |text: &Option<String>| {
                let text = text.as_deref();
                text.and_then(|text| self.scrubbed(text))
            };
            let (name_left, owner_left) = (left(&name), left(&owner));
            if name_left.is_none() && owner_left.is_none() && stay.len() == ids.len() {
                continue;
            }
            let contacts = json(&stay)?;
            self.change(
                "CRM_DEALS",
                statements::ERASE_DEAL,
                params![id, name_left.or(name), owner_left.or(owner), contacts],
            )?;
        }
        Ok(())
    }
}
