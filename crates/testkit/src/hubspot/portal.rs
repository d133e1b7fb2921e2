//! What the simulated account holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use calls::{Company, Contact, Deal, Owner, Stage};
use jiff::Timestamp;
use resilience::ErrorKind;
use serde_json::Value;

use super::ObjectType;
use super::domain::{company_record, contact_record, deal_record, written_out};
use super::links::Links;
use super::pipeline::{Pipeline, PipelineStage};
use super::properties::{ValueType, value_type};
use super::record::{Asked, Record, RecordId};
use crate::Error;

/// Records, associations, pipelines, owners.
#[derive(Debug, Clone, Default)]
pub(super) struct Portal {
    records: BTreeMap<ObjectType, BTreeMap<RecordId, Record>>,
    /// From ids that were merged away to the record that took them in.
    merged_into: HashMap<(ObjectType, String), String>,
    pub(super) links: Links,
    pub(super) pipelines: Vec<Pipeline>,
    pub(super) owners: BTreeMap<RecordId, Owner>,
    /// Properties that no portal has by itself.
    pub(super) own_properties: BTreeSet<(ObjectType, String)>,
}

impl Portal {
    pub(super) fn put_deal(&mut self, deal: &Deal) {
        let mut record = deal_record(deal);
        if deal.probability.is_none()
            && let (Some(pipeline), Some(stage)) = (&deal.pipeline_id, &deal.stage_id)
            && let Some(stage) = self.stage(pipeline.as_str(), stage.as_str())
        {
            let probability = stage.probability().map(written_out);
            record.set("hs_deal_stage_probability", probability, record.created);
        }
        if let (Some(id), Some(name)) = (&deal.owner_id, &deal.owner_name) {
            let owner = RecordId::from(id.as_str());
            self.owners.entry(owner).or_insert_with(|| Owner {
                id: id.clone(),
                name: Some(name.clone()),
                email: None,
                archived: false,
            });
        }
        let end = (ObjectType::Deal, record.id.clone());
        self.links.clear(&end);
        for contact in &deal.contact_ids {
            let contact = (ObjectType::Contact, contact.as_str().into());
            self.links.change(&end, &contact, |_| {});
        }
        for company in deal.company_ids.iter().skip(1) {
            let company = (ObjectType::Company, company.as_str().into());
            self.links.change(&end, &company, |_| {});
        }
        if let Some(company) = deal.company_ids.first() {
            let company = (ObjectType::Company, company.as_str().into());
            self.links.make_primary(&end, &company);
        }
        self.put(record);
    }

    pub(super) fn put_contact(&mut self, contact: &Contact) {
        let record = contact_record(contact);
        let end = (ObjectType::Contact, record.id.clone());
        self.links.unmake_primary(&end, ObjectType::Company);
        if let Some(company) = &contact.company_id {
            let company = (ObjectType::Company, company.as_str().into());
            self.links.make_primary(&end, &company);
        }
        self.put(record);
    }

    pub(super) fn put_company(&mut self, company: &Company) {
        self.put(company_record(company));
    }

    pub(super) fn put_owner(&mut self, owner: &Owner) {
        let id = RecordId::from(owner.id.as_str());
        self.owners.insert(id, owner.clone());
    }

    /// Adds a stage, or replaces the one with its id; its pipeline is made when missing.
    pub(super) fn put_stage(&mut self, stage: &Stage) {
        let id = stage.pipeline_id.as_str();
        if !self.pipelines.iter().any(|pipeline| pipeline.id == id) {
            self.pipelines.push(Pipeline::new(id));
        }
        if let Some(pipeline) = self.pipelines.iter_mut().find(|known| known.id == id) {
            pipeline
                .stages
                .retain(|known| known.id != stage.id.as_str());
            pipeline.stages.push(PipelineStage::new(stage));
        }
    }

    fn put(&mut self, record: Record) {
        let records = self.records.entry(record.object).or_default();
        records.insert(record.id.clone(), record);
    }

    pub(super) fn count(&self, object: ObjectType) -> usize {
        self.records.get(&object).map_or(0, BTreeMap::len)
    }

    /// Records in or out of the recycling bin, by ascending id.
    pub(super) fn records(
        &self,
        object: ObjectType,
        archived: bool,
    ) -> impl Iterator<Item = &Record> {
        let records = self.records.get(&object).into_iter().flatten();
        records
            .map(|(_, record)| record)
            .filter(move |record| record.archived_at.is_some() == archived)
    }

    /// The record with an id, not the survivor of a merge.
    pub(super) fn exact(&self, object: ObjectType, id: &str, archived: bool) -> Option<&Record> {
        let record = self.records.get(&object)?.get(&RecordId::from(id))?;
        (record.archived_at.is_some() == archived).then_some(record)
    }

    /// The record that answers to an id: its own, or one that was merged into it.
    pub(super) fn find(&self, object: ObjectType, id: &str, archived: bool) -> Option<&Record> {
        let mut id = id;
        while let Some(survivor) = self.merged_into.get(&(object, id.to_owned())) {
            id = survivor;
        }
        self.exact(object, id, archived)
    }

    /// Contacts by their addresses, in lower case, main ones and others.
    pub(super) fn by_email(&self, archived: bool) -> HashMap<&str, &Record> {
        let mut found = HashMap::new();
        for record in self.records(ObjectType::Contact, archived) {
            let others = record.value("hs_additional_emails").unwrap_or_default();
            let addresses = others.split(';').filter(|address| !address.is_empty());
            for address in record.value("email").into_iter().chain(addresses) {
                found.entry(address).or_insert(record);
            }
        }
        found
    }

    /// Gives a contact an address beside its main one.
    pub(super) fn add_email(&mut self, contact_id: &str, address: &str) {
        let records = self.records.get_mut(&ObjectType::Contact);
        if let Some(record) = records.and_then(|all| all.get_mut(&RecordId::from(contact_id))) {
            let known = record.value("hs_additional_emails").map(str::to_owned);
            let all: Vec<String> = known.into_iter().chain([address.to_lowercase()]).collect();
            record.set("hs_additional_emails", Some(all.join(";")), record.updated);
        }
    }

    /// The type of a property that the portal has.
    pub(super) fn value_type(&self, object: ObjectType, property: &str) -> Option<ValueType> {
        let own = self.own_properties.contains(&(object, property.to_owned()));
        value_type(object, property).or(own.then_some(ValueType::Text))
    }

    /// A property's value; outer `None` for a property that the portal does not have.
    pub(super) fn value(&self, record: &Record, property: &str) -> Option<Option<String>> {
        self.value_type(record.object, property)?;
        let end = (record.object, record.id.clone());
        Some(match (record.object, property) {
            (ObjectType::Contact, "associatedcompanyid") => {
                let mut companies = self.links.of(&end, ObjectType::Company);
                let primary = companies.find(|(_, link)| link.is_primary);
                primary.map(|(id, _)| id.0.clone())
            }
            (ObjectType::Deal, "num_associated_contacts") => {
                Some(self.links.of(&end, ObjectType::Contact).count().to_string())
            }
            _ => record.value(property).map(str::to_owned),
        })
    }

    pub(super) fn wire(&self, record: &Record, asked: &Asked) -> Value {
        record.wire(asked, |property| {
            self.value(record, property).map(Value::from)
        })
    }

    pub(super) fn stage(&self, pipeline: &str, stage: &str) -> Option<&PipelineStage> {
        let pipeline = self.pipelines.iter().find(|known| known.id == pipeline)?;
        pipeline.stages.iter().find(|known| known.id == stage)
    }

    /// # Errors
    /// `NotFound` for an id that no record has, in or out of the recycling bin.
    pub(super) fn edit(
        &mut self,
        object: ObjectType,
        id: &str,
        edit: impl FnOnce(&mut Record),
    ) -> Result<(), Error> {
        let record = self
            .records
            .get_mut(&object)
            .and_then(|records| records.get_mut(&RecordId::from(id)))
            .ok_or_else(|| unknown(object.singular(), id))?;
        edit(record);
        Ok(())
    }

    /// Deletes a record for good; false when there was none.
    pub(super) fn delete(&mut self, object: ObjectType, id: &str) -> bool {
        let records = self.records.get_mut(&object);
        records.is_some_and(|records| records.remove(&RecordId::from(id)).is_some())
    }

    /// Merges `other` into `primary`; the survivor has the id `survivor`, which may be
    /// that of `primary`.
    ///
    /// # Errors
    /// `NotFound` when either is missing; `InvalidInput` when they are one.
    pub(super) fn merge(
        &mut self,
        object: ObjectType,
        primary: &str,
        other: &str,
        survivor: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        if primary == other || survivor == other {
            let message = "a record cannot be merged into itself";
            return Err(Error::new(ErrorKind::InvalidInput, message).with_field("other"));
        }
        let record = |id: &str| {
            let found = self.exact(object, id, false).cloned();
            found.ok_or_else(|| unknown(object.singular(), id))
        };
        let (mut kept, gone) = (record(primary)?, record(other)?);
        let away = [other, primary].into_iter().filter(|id| *id != survivor);
        let earlier = [&kept, &gone].map(|record| record.value("hs_merged_object_ids"));
        let mut merged: Vec<String> = earlier.into_iter().flatten().map(str::to_owned).collect();
        merged.extend(away.clone().map(str::to_owned));
        for (property, value) in gone.properties() {
            if kept.value(property).is_none() {
                kept.set(property, value.map(str::to_owned), now);
            }
        }
        kept.set("hs_merged_object_ids", Some(merged.join(";")), now);
        kept.set("hs_object_id", Some(survivor.to_owned()), now);
        kept.touch(now);
        kept.id = RecordId::from(survivor);
        let address = gone.value("email").map(str::to_owned);
        let is_other = kept.value("email") != address.as_deref();
        for id in away {
            self.delete(object, id);
            let ends = [id, survivor].map(|id| (object, RecordId::from(id)));
            self.links.hand_over(&ends[0], &ends[1]);
            self.merged_into
                .insert((object, id.to_owned()), survivor.to_owned());
        }
        self.put(kept);
        if let Some(address) = address.filter(|_| object == ObjectType::Contact && is_other) {
            self.add_email(survivor, &address);
        }
        Ok(())
    }

    /// Lets a record take in one of which nothing but the id is known.
    ///
    /// # Errors
    /// `NotFound` for a survivor that is not live.
    pub(super) fn absorb(
        &mut self,
        object: ObjectType,
        asked: &str,
        survivor: &str,
    ) -> Result<(), Error> {
        let kept = self.exact(object, survivor, false);
        let kept = kept.ok_or_else(|| unknown(object.singular(), survivor))?;
        let (created, updated) = (kept.created, kept.updated);
        self.put(Record::new(object, asked, created));
        self.merge(object, survivor, asked, survivor, updated)
    }
}

pub(super) fn unknown(what: &str, id: &str) -> Error {
    let message = format!("the simulator holds no {what} {id}");
    Error::new(ErrorKind::NotFound, message).with_field("id")
}
