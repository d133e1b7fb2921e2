//! The records of one kind, and the ids that were merged away.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use calls::{
    Company, CompanyId, Contact, ContactId, Deal, DealId, Owner, OwnerId, PipelineId, Stage,
    StageId,
};
use jiff::Timestamp;

use crate::batch::distinct_by;
use crate::{Batch, KeyMatch, Merged};

#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) deals: Table<Deal>,
    pub(super) contacts: Table<Contact>,
    pub(super) companies: Table<Company>,
    pub(super) owners: Table<Owner>,
    pub(super) stages: BTreeMap<(PipelineId, StageId), Stage>,
    /// By address as it is compared.
    pub(super) secondary_emails: BTreeMap<String, ContactId>,
}

/// A record with an id of its own type.
pub(super) trait Record: Clone {
    type Id: Clone + Ord + Hash + AsRef<str>;

    fn id(&self) -> &Self::Id;
}

macro_rules! records {
    ($($record:ident: $id:ident),+) => {$(
        impl Record for $record {
            type Id = $id;

            fn id(&self) -> &$id {
                &self.id
            }
        }
    )+};
}
records!(Deal: DealId, Contact: ContactId, Company: CompanyId, Owner: OwnerId);

#[derive(Debug)]
pub(super) struct Table<T: Record> {
    records: BTreeMap<T::Id, T>,
    /// From an id that was merged away to the one that it was merged into.
    merged: BTreeMap<T::Id, T::Id>,
}

impl<T: Record> Default for Table<T> {
    fn default() -> Self {
        Self {
            records: BTreeMap::new(),
            merged: BTreeMap::new(),
        }
    }
}

impl<T: Record> Table<T> {
    pub(super) fn put(&mut self, record: T) {
        self.merged.remove(record.id());
        self.records.insert(record.id().clone(), record);
    }

    pub(super) fn take(&mut self, id: &T::Id) -> Option<T> {
        self.records.remove(id)
    }

    pub(super) fn get(&self, id: &T::Id) -> Option<&T> {
        self.records.get(id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.records.values()
    }

    pub(super) fn merge(&mut self, id: &T::Id, into: &T::Id) {
        if self.survivor(into) == id {
            return;
        }
        self.records.remove(id);
        self.merged.insert(id.clone(), into.clone());
    }

    /// Where an id leads; merges never make a circle.
    fn survivor<'a>(&'a self, id: &'a T::Id) -> &'a T::Id {
        let mut id = id;
        while let Some(into) = self.merged.get(id) {
            id = into;
        }
        id
    }

    pub(super) fn by_id(&self, ids: &[T::Id]) -> Batch<T, T::Id> {
        let mut batch = Batch::empty(Timestamp::now());
        let mut survivors = BTreeMap::new();
        for id in distinct_by(ids, |id| id) {
            if let Some(record) = self.get(id) {
                batch.found.push(record.clone());
                continue;
            }
            let survivor = self.survivor(id);
            match self.get(survivor) {
                Some(record) => {
                    survivors.insert(survivor, record);
                    batch.merged.push(Merged {
                        asked: id.clone(),
                        survivor: survivor.clone(),
                    });
                }
                None => batch.missing.push(id.clone()),
            }
        }
        let asked: HashSet<&T::Id> = ids.iter().collect();
        let further = survivors.into_iter().filter(|(id, _)| !asked.contains(id));
        batch
            .found
            .extend(further.map(|(_, record)| record.clone()));
        batch
    }

    pub(super) fn by_key(
        &self,
        keys: &[String],
        spell: impl Fn(&str) -> String,
        keys_of: impl Fn(&T) -> Vec<String>,
    ) -> Batch<T, String> {
        let mut batch = Batch::empty(Timestamp::now());
        let asked = distinct_by(keys, |key| spell(key));
        let mut answers: HashMap<String, Vec<String>> = asked
            .iter()
            .map(|key| (spell(key), Vec::new()))
            .filter(|(spelled, _)| !spelled.is_empty())
            .collect();
        for record in self.iter() {
            let mut answered = false;
            for key in keys_of(record) {
                let Some(ids) = answers.get_mut(&key) else {
                    continue;
                };
                answered = true;
                let id = record.id().as_ref();
                if ids.last().map(String::as_str) != Some(id) {
                    ids.push(id.to_owned());
                }
            }
            if answered {
                batch.found.push(record.clone());
            }
        }
        for key in asked {
            let ids = answers.remove(&spell(key)).unwrap_or_default();
            if ids.is_empty() {
                batch.missing.push(key.clone());
            }
            batch.matches.extend(ids.into_iter().map(|id| KeyMatch {
                key: key.clone(),
                id,
            }));
        }
        batch
    }
}
