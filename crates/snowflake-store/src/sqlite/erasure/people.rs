//! Who the person is: all that they are known by.

use ::calls::CallId;
use rusqlite::params;

use super::calls;
use super::erasing::Erasing;
use crate::RecordStream;
use crate::erasure::{Kind, Known, people, user};
use crate::sqlite::failure::JobResult;
use crate::sqlite::statements;

/// A person of the CRM: id, e-mail address, name.
type Record = (String, Option<String>, Option<String>);

impl Erasing<'_> {
    /// Keeps what somebody is known by; whether it is new.
    pub(super) fn remember(&mut self, known: &Known) -> JobResult<bool> {
        self.circle.add(known);
        let mut is_news = false;
        for selector in self.erased.selectors(known) {
            if !self.erased.add(&selector) {
                continue;
            }
            is_news = true;
            self.change(
                "GONG_ERASED",
                statements::SAVE_ERASED,
                params![
                    selector.hash,
                    selector.kind,
                    i64::try_from(selector.words).unwrap_or(i64::MAX),
                    self.now.clone()
                ],
            )?;
        }
        Ok(is_news)
    }

    /// Goes through all calls and records until nothing new is known of the person.
    pub(super) fn find_people(&mut self) -> JobResult<()> {
        let ids = self.call_ids()?;
        loop {
            let mut is_news = false;
            for id in &ids {
                let (call, _, _) = calls::documents(self.transaction, id)?;
                let known = call.map(|call| people(&self.erased, &call));
                is_news |= self.remember_person(known.unwrap_or_default())?;
            }
            is_news |= self.find_in_users()?;
            is_news |= self.find_in_crm()?;
            if !is_news {
                return Ok(());
            }
        }
    }

    pub(super) fn call_ids(&self) -> JobResult<Vec<CallId>> {
        self.read(statements::ERASABLE_CALLS, |row| {
            row.get::<_, String>(0).map(CallId::new)
        })
    }

    fn find_in_users(&mut self) -> JobResult<bool> {
        let records = self.gong_records()?;
        let mut is_news = false;
        for (stream, _, json) in records {
            if stream == RecordStream::Users.as_str() {
                is_news |= self.remember_person(user(&self.erased, &json))?;
            }
        }
        Ok(is_news)
    }

    fn find_in_crm(&mut self) -> JobResult<bool> {
        let mut is_news = false;
        for (id, email, name) in self.people_of_crm(statements::ERASABLE_CONTACTS)? {
            if self.is_contact(&id, email.as_deref()) {
                is_news |= self.remember(&(Kind::Contact, id))?;
                is_news |= self.remember_all(email, name)?;
            }
        }
        for (_, email, name) in self.people_of_crm(statements::ERASABLE_OWNERS)? {
            if self.is_address(email.as_deref()) {
                is_news |= self.remember_all(email, name)?;
            }
        }
        Ok(is_news)
    }

    fn remember_person(&mut self, known: Vec<Known>) -> JobResult<bool> {
        let mut is_news = false;
        for known in known {
            // A number may be that of a whole office.
            if known.0 != Kind::Phone {
                is_news |= self.remember(&known)?;
            }
        }
        Ok(is_news)
    }

    fn remember_all(&mut self, email: Option<String>, name: Option<String>) -> JobResult<bool> {
        let mut is_news = false;
        for known in email
            .map(|email| (Kind::Email, email))
            .into_iter()
            .chain(name.map(|name| (Kind::Name, name)))
        {
            is_news |= self.remember(&known)?;
        }
        Ok(is_news)
    }

    pub(super) fn people_of_crm(&self, statement: &str) -> JobResult<Vec<Record>> {
        self.read(statement, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    pub(super) fn is_contact(&self, id: &str, email: Option<&str>) -> bool {
        self.erased.holds(Kind::Contact, id) || self.is_address(email)
    }

    pub(super) fn is_address(&self, email: Option<&str>) -> bool {
        email.is_some_and(|email| self.erased.holds(Kind::Email, email))
    }
}
