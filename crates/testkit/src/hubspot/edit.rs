//! Changes the records of a running simulator.

use calls::{Company, Contact, Deal, Owner, Stage};
use jiff::Timestamp;
use serde_json::Value;

use super::domain::written_out;
use super::portal::unknown;
use super::record::{Asked, RecordId};
use super::wire::with_milliseconds;
use super::{HubSpotState, ObjectType};
use crate::Error;

/// Records.
impl HubSpotState {
    /// Records held, in or out of the recycling bin.
    pub fn count(&self, object: ObjectType) -> usize {
        self.shared.lock().portal.count(object)
    }

    /// Adds a deal, or replaces the one with its id; with the associations it names.
    pub fn put_deal(&self, deal: &Deal) {
        self.shared.lock().portal.put_deal(deal);
    }

    /// Adds a contact, or replaces the one with its id.
    pub fn put_contact(&self, contact: &Contact) {
        self.shared.lock().portal.put_contact(contact);
    }

    /// Adds a company, or replaces the one with its id.
    pub fn put_company(&self, company: &Company) {
        self.shared.lock().portal.put_company(company);
    }

    /// Sets a property to a text, or to null. Anything goes, as from an import: empty
    /// text, epoch milliseconds, words where a number belongs. A property that no portal
    /// has becomes one of this portal's own.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn set_property(
        &self,
        object: ObjectType,
        id: &str,
        property: &str,
        value: Option<&str>,
    ) -> Result<(), Error> {
        let mut changing = self.shared.lock();
        let portal = &mut changing.portal;
        if portal.value_type(object, property).is_none() {
            portal.own_properties.insert((object, property.to_owned()));
        }
        let now = Timestamp::now();
        portal.edit(object, id, |record| {
            record.touch(now);
            record.set(property, value.map(str::to_owned), now);
        })
    }

    /// A property's value now, null as `None`.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn property(
        &self,
        object: ObjectType,
        id: &str,
        property: &str,
    ) -> Result<Option<String>, Error> {
        let changing = self.shared.lock();
        let portal = &changing.portal;
        let record = [false, true]
            .iter()
            .find_map(|archived| portal.exact(object, id, *archived));
        let record = record.ok_or_else(|| unknown(object.singular(), id))?;
        Ok(portal.value(record, property).flatten())
    }

    /// Changes a deal's name.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn rename_deal(&self, id: &str, name: &str) -> Result<(), Error> {
        self.set_property(ObjectType::Deal, id, "dealname", Some(name))
    }

    /// Moves a deal to a stage of its pipeline: probability, whether it is closed, and
    /// the dates of entry and exit follow, as far as the stage is known.
    ///
    /// # Errors
    /// `NotFound` for an unknown deal.
    pub fn change_stage(&self, id: &str, stage_id: &str) -> Result<(), Error> {
        let mut changing = self.shared.lock();
        let portal = &mut changing.portal;
        let deal = portal.exact(ObjectType::Deal, id, false);
        let deal = deal.ok_or_else(|| unknown("deal", id))?;
        let pipeline = deal.value("pipeline").unwrap_or_default().to_owned();
        let stage = portal.stage(&pipeline, stage_id).cloned();
        let now = Timestamp::now();
        portal.edit(ObjectType::Deal, id, |deal| {
            let entered = Some(with_milliseconds(now));
            if let Some(left) = deal.value("dealstage").map(str::to_owned) {
                deal.set(&format!("hs_v2_date_exited_{left}"), entered.clone(), now);
            }
            deal.set(
                &format!("hs_v2_date_entered_{stage_id}"),
                entered.clone(),
                now,
            );
            deal.set("hs_v2_date_entered_current_stage", entered, now);
            deal.set("dealstage", Some(stage_id.to_owned()), now);
            if let Some(stage) = stage {
                let (is_won, is_lost) = (stage.is_won(), stage.is_lost());
                let probability = stage.probability().map(written_out);
                deal.set("hs_deal_stage_probability", probability, now);
                deal.set("hs_is_closed", Some((is_won || is_lost).to_string()), now);
                deal.set("hs_is_closed_won", Some(is_won.to_string()), now);
                deal.set("hs_is_closed_lost", Some(is_lost.to_string()), now);
            }
            deal.touch(now);
        })
    }

    /// Puts a record into the recycling bin.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn archive(&self, object: ObjectType, id: &str) -> Result<(), Error> {
        let now = Timestamp::now();
        let mut changing = self.shared.lock();
        changing.portal.edit(object, id, |record| {
            record.archived_at = Some(now);
        })
    }

    /// Takes a record out of the recycling bin.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn restore(&self, object: ObjectType, id: &str) -> Result<(), Error> {
        let mut changing = self.shared.lock();
        changing.portal.edit(object, id, |record| {
            record.archived_at = None;
        })
    }

    /// Deletes a record for good.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn delete(&self, object: ObjectType, id: &str) -> Result<(), Error> {
        match self.shared.lock().portal.delete(object, id) {
            true => Ok(()),
            false => Err(unknown(object.singular(), id)),
        }
    }

    /// Merges one record into another, which keeps its id. The old id answers with the
    /// survivor, which names it in `hs_merged_object_ids` and has its associations.
    ///
    /// # Errors
    /// `NotFound` when either is not live; `InvalidInput` when they are one.
    pub fn merge(&self, object: ObjectType, primary: &str, other: &str) -> Result<(), Error> {
        self.merge_as(object, primary, other, primary)
    }

    /// As [`merge`](Self::merge), but the survivor gets an id of its own, and both old
    /// ones answer with it: HubSpot has done it either way.
    ///
    /// # Errors
    /// As [`merge`](Self::merge).
    pub fn merge_as(
        &self,
        object: ObjectType,
        primary: &str,
        other: &str,
        survivor: &str,
    ) -> Result<(), Error> {
        let now = Timestamp::now();
        let mut changing = self.shared.lock();
        changing.portal.merge(object, primary, other, survivor, now)
    }

    /// A record as a batch read shows it, live or archived, with its default properties.
    pub fn record(&self, object: ObjectType, id: &str) -> Option<Value> {
        let changing = self.shared.lock();
        let portal = &changing.portal;
        let mut found = [false, true]
            .iter()
            .filter_map(|archived| portal.exact(object, id, *archived));
        Some(portal.wire(found.next()?, &Asked::default()))
    }
}

/// Associations.
impl HubSpotState {
    /// Associates two records.
    pub fn associate(&self, one: (ObjectType, &str), other: (ObjectType, &str)) {
        let mut changing = self.shared.lock();
        changing.portal.links.change(&end(one), &end(other), |_| {});
    }

    /// Makes a company the primary one of a deal or of a contact.
    pub fn make_primary(&self, of: (ObjectType, &str), company_id: &str) {
        let company = end((ObjectType::Company, company_id));
        let mut changing = self.shared.lock();
        changing.portal.links.make_primary(&end(of), &company);
    }

    /// Labels an association, which is made when there is none.
    pub fn label(&self, one: (ObjectType, &str), other: (ObjectType, &str), label: &str) {
        let mut changing = self.shared.lock();
        changing.portal.links.label(&end(one), &end(other), label);
    }

    /// Ends an association; false when there was none.
    pub fn dissociate(&self, one: (ObjectType, &str), other: (ObjectType, &str)) -> bool {
        self.shared.lock().portal.links.cut(&end(one), &end(other))
    }
}

/// Pipelines and owners.
impl HubSpotState {
    /// Adds a stage, or replaces the one with its id; its pipeline is made when missing.
    pub fn put_stage(&self, stage: &Stage) {
        self.shared.lock().portal.put_stage(stage);
    }

    /// Changes what a pipeline is called.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn rename_pipeline(&self, id: &str, label: &str) -> Result<(), Error> {
        let mut changing = self.shared.lock();
        let mut pipelines = changing.portal.pipelines.iter_mut();
        let pipeline = pipelines.find(|pipeline| pipeline.id == id);
        pipeline.ok_or_else(|| unknown("pipeline", id))?.label = label.to_owned();
        Ok(())
    }

    /// Changes what a stage is called.
    ///
    /// # Errors
    /// `NotFound` for an unknown pipeline or stage.
    pub fn rename_stage(&self, pipeline_id: &str, id: &str, label: &str) -> Result<(), Error> {
        let mut changing = self.shared.lock();
        let pipelines = changing.portal.pipelines.iter_mut();
        let stage = pipelines
            .filter(|pipeline| pipeline.id == pipeline_id)
            .flat_map(|pipeline| &mut pipeline.stages)
            .find(|stage| stage.id == id);
        stage.ok_or_else(|| unknown("stage", id))?.label = label.to_owned();
        Ok(())
    }

    /// Removes a stage; deals in it keep its id.
    ///
    /// # Errors
    /// `NotFound` for an unknown pipeline or stage.
    pub fn remove_stage(&self, pipeline_id: &str, id: &str) -> Result<(), Error> {
        let mut changing = self.shared.lock();
        if changing.portal.stage(pipeline_id, id).is_none() {
            return Err(unknown("stage", id));
        }
        for pipeline in &mut changing.portal.pipelines {
            if pipeline.id == pipeline_id {
                pipeline.stages.retain(|stage| stage.id != id);
            }
        }
        Ok(())
    }

    /// Adds an owner, or replaces the one with its id.
    pub fn put_owner(&self, owner: &Owner) {
        self.shared.lock().portal.put_owner(owner);
    }

    /// Lets an owner leave: only `archived=true` shows them from now on.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub fn archive_owner(&self, id: &str) -> Result<(), Error> {
        let mut changing = self.shared.lock();
        let owner = changing.portal.owners.get_mut(&RecordId::from(id));
        owner.ok_or_else(|| unknown("owner", id))?.archived = true;
        Ok(())
    }
}

fn end((object, id): (ObjectType, &str)) -> (ObjectType, RecordId) {
    (object, RecordId::from(id))
}
