//! Contacts by address and companies by domain.

use std::collections::{BTreeMap, HashMap};

use calls::{Company, Contact};
use jiff::Timestamp;

use super::object_kind::{ObjectKind, ObjectRecord};
use super::objects::{Archived, SOUND_ADDRESS, assemble};
use super::search::Filter;
use super::wire::Object;
use super::{HubSpotApi, SEARCH_LAG};
use crate::batch::distinct_by;
use crate::record::{ADDITIONAL_EMAILS, addresses};
use crate::{Batch, KeyMatch, Result, match_key};

/// Groups of filters in one search that HubSpot takes.
const GROUPS: usize = 5;
/// Domains in one search: each in two spellings, and lists of values end at 100.
const DOMAINS: usize = 50;
/// A domain to which HubSpot can have no objection.
const SOUND_DOMAIN: &str = "example.com";

impl HubSpotApi {
    pub(super) async fn contacts_by_address(
        &self,
        emails: &[String],
    ) -> Result<Batch<Contact, String>> {
        let started = Timestamp::now();
        let mut answers = Answers::to(emails, match_key::email);
        // What is not an address is nobody's, and not worth a request.
        let is_address = |key: &String| key.contains('@');
        let mut open = answers.open();
        open.retain(is_address);
        let objects = self
            .read_objects(ObjectKind::Contact, &open, Some("email"), Archived::No)
            .await?;
        answers.add(objects, addresses_of);
        if self.http.config.searches_secondary_emails {
            let mut open = answers.open();
            open.retain(is_address);
            let sound = SOUND_ADDRESS.to_owned();
            let ask = |emails: &[String]| {
                let groups: Vec<Vec<Filter>> = emails
                    .iter()
                    .map(|email| vec![Filter::HasWord(ADDITIONAL_EMAILS, email.clone())])
                    .collect();
                async move { self.search(ObjectKind::Contact, &groups).await }
            };
            let searches = open
                .chunks(GROUPS)
                .map(|emails| self.sifted(emails, &sound, ask));
            for objects in self.all(searches.collect()).await?.into_iter().flatten() {
                // Words are not whole addresses: what was asked for is compared here.
                answers.add(objects, addresses_of);
            }
        }
        Ok(answers.into_batch(emails, started))
    }

    pub(super) async fn companies_by_web_domain(
        &self,
        domains: &[String],
    ) -> Result<Batch<Company, String>> {
        let started = Timestamp::now();
        let mut answers = Answers::to(domains, match_key::domain);
        let open = answers.open();
        let sound = SOUND_DOMAIN.to_owned();
        let ask = |domains: &[String]| {
            let spellings = domains.iter();
            let spellings = spellings.flat_map(|domain| [domain.clone(), format!("www.{domain}")]);
            let group = vec![Filter::In("domain", spellings.collect())];
            async move { self.search(ObjectKind::Company, &[group]).await }
        };
        let searches = open
            .chunks(DOMAINS)
            .map(|domains| self.sifted(domains, &sound, ask));
        for objects in self.all(searches.collect()).await?.into_iter().flatten() {
            answers.add(objects, |object| {
                let domain = object.value("domain").map(match_key::domain);
                domain.into_iter().collect()
            });
        }
        Ok(answers.into_batch(domains, started))
    }
}

fn addresses_of(object: &Object) -> Vec<String> {
    addresses(object.value("email"), object.value(ADDITIONAL_EMAILS))
}

/// Which objects answer to which keys.
struct Answers {
    spell: fn(&str) -> String,
    /// Ids by key as it is compared, for every key asked for that is not blank.
    ids: HashMap<String, Vec<String>>,
    objects: BTreeMap<String, Object>,
}

impl Answers {
    fn to(keys: &[String], spell: fn(&str) -> String) -> Self {
        let spelled = keys.iter().map(|key| spell(key));
        Self {
            spell,
            ids: spelled
                .filter(|key| !key.is_empty())
                .map(|key| (key, Vec::new()))
                .collect(),
            objects: BTreeMap::new(),
        }
    }

    /// Keys that nothing answers to yet, in an order that does not change.
    fn open(&self) -> Vec<String> {
        let open = self.ids.iter().filter(|(_, ids)| ids.is_empty());
        let mut open: Vec<String> = open.map(|(key, _)| key.clone()).collect();
        open.sort();
        open
    }

    /// Keeps the objects that answer to a key asked for.
    fn add(&mut self, objects: Vec<Object>, keys_of: impl Fn(&Object) -> Vec<String>) {
        for object in objects.into_iter().filter(|object| !object.is_archived()) {
            let mut answers = false;
            for key in keys_of(&object) {
                if let Some(ids) = self.ids.get_mut(&key) {
                    answers = true;
                    if !ids.contains(&object.id.0) {
                        ids.push(object.id.0.clone());
                    }
                }
            }
            if answers {
                self.objects.insert(object.id.0.clone(), object);
            }
        }
    }

    fn into_batch<R: ObjectRecord>(
        mut self,
        keys: &[String],
        started: Timestamp,
    ) -> Batch<R, String> {
        let mut batch = Batch::empty(started);
        // Search follows edits with a delay.
        batch.as_of = started.checked_sub(SEARCH_LAG).unwrap_or(started);
        for object in self.objects.values() {
            // Contacts and companies are in no stage.
            assemble(object, &[], &mut batch.found, &mut batch.unreadable);
        }
        for key in distinct_by(keys, |key| (self.spell)(key)) {
            let mut ids = self.ids.remove(&(self.spell)(key)).unwrap_or_default();
            if ids.is_empty() {
                batch.missing.push(key.clone());
            }
            ids.sort();
            batch.matches.extend(ids.into_iter().map(|id| KeyMatch {
                key: key.clone(),
                id,
            }));
        }
        batch
    }
}
