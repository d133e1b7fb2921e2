//! The ways to look up records, as one type that code can be generic over.

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId,
};
use jiff::Timestamp;

use crate::{Batch, CrmSource, Result, match_key};

/// One of the batch methods of [`CrmSource`], with its arguments other than the keys.
#[async_trait]
pub(crate) trait Lookup: Send + Sync {
    type Key: Clone + Debug + PartialEq + Send + Sync + 'static;
    type Record: Clone + Send + Sync + 'static;

    /// Tells it from every other lookup.
    fn name(&self) -> String;

    async fn ask<S: CrmSource>(
        &self,
        source: &S,
        keys: &[Self::Key],
    ) -> Result<Batch<Self::Record, Self::Key>>;

    /// A key in the form in which it is compared.
    fn spelled(&self, key: &Self::Key) -> String;

    /// The spelled key that gives a record its place; `None` where records come by rank
    /// alone.
    fn place_key<'a>(&self, record: &'a Self::Record) -> Option<&'a str>;

    /// What records of one place are ordered by. Place and rank together tell records
    /// apart.
    fn rank(&self, record: &Self::Record) -> String;
}

macro_rules! lookups {
    ($($method:ident => $name:ident($key:ty, $record:ty), by id: $by_id:literal, $spelled:expr;)+) => {$(
        pub(crate) struct $name;

        #[async_trait]
        impl Lookup for $name {
            type Key = $key;
            type Record = $record;

            fn name(&self) -> String {
                stringify!($method).to_owned()
            }

            async fn ask<S: CrmSource>(
                &self,
                source: &S,
                keys: &[$key],
            ) -> Result<Batch<$record, $key>> {
                source.$method(keys).await
            }

            fn spelled(&self, key: &$key) -> String {
                let spelled: fn(&str) -> String = $spelled;
                spelled(key.as_str())
            }

            fn place_key<'a>(&self, record: &'a $record) -> Option<&'a str> {
                $by_id.then(|| record.id.as_str())
            }

            fn rank(&self, record: &$record) -> String {
                record.id.as_str().to_owned()
            }
        }
    )+};
}
lookups! {
    deals => Deals(DealId, Deal), by id: true, str::to_owned;
    contacts => Contacts(ContactId, Contact), by id: true, str::to_owned;
    contacts_by_email => ContactsByEmail(String, Contact), by id: false, match_key::email;
    companies => Companies(CompanyId, Company), by id: true, str::to_owned;
    companies_by_domain => CompaniesByDomain(String, Company), by id: false, match_key::domain;
    owners => Owners(OwnerId, Owner), by id: true, str::to_owned;
}

/// Associations of records of one kind with records of another.
pub(crate) struct Associations {
    pub(crate) from: CrmObjectKind,
    pub(crate) to: CrmObjectKind,
}

#[async_trait]
impl Lookup for Associations {
    type Key = String;
    type Record = Association;

    fn name(&self) -> String {
        format!("associations of {} with {}", self.from, self.to)
    }

    async fn ask<S: CrmSource>(
        &self,
        source: &S,
        keys: &[String],
    ) -> Result<Batch<Association, String>> {
        source.associations(&self.from, keys, &self.to).await
    }

    fn spelled(&self, key: &String) -> String {
        key.clone()
    }

    fn place_key<'a>(&self, record: &'a Association) -> Option<&'a str> {
        Some(&record.from_id)
    }

    fn rank(&self, record: &Association) -> String {
        format!("{} {}", u8::from(!record.is_primary), record.to_id)
    }
}

/// Puts answers together, in the order that the contract wants; of records that several
/// answers hold, the first stays.
pub(crate) fn merge<L: Lookup>(
    lookup: &L,
    asked: &[&L::Key],
    answers: impl Iterator<Item = Batch<L::Record, L::Key>>,
) -> Batch<L::Record, L::Key> {
    let place: HashMap<String, usize> = asked
        .iter()
        .enumerate()
        .map(|(place, key)| (lookup.spelled(key), place))
        .collect();
    let place_of = |key: &str| place.get(key).copied().unwrap_or(usize::MAX);
    let place_of_key = |key: &L::Key| place_of(&lookup.spelled(key));
    let mut merged = Batch::empty(Timestamp::now());
    answers.for_each(|answer| merged.absorb(answer));

    let mut seen = HashSet::new();
    merged.found.retain(|record| {
        let place_key = lookup.place_key(record).map(str::to_owned);
        seen.insert((place_key, lookup.rank(record)))
    });
    merged.found.sort_by_cached_key(|record| {
        let place = lookup.place_key(record).map_or(usize::MAX, place_of);
        (place, lookup.rank(record))
    });
    merged.missing.sort_by_cached_key(place_of_key);
    merged.archived.sort_by_cached_key(place_of_key);
    merged
        .merged
        .sort_by_cached_key(|pair| place_of_key(&pair.asked));
    merged
        .matches
        .sort_by_cached_key(|pair| (place_of_key(&pair.key), pair.id.clone()));
    merged.matches.dedup();
    let mut seen = HashSet::new();
    merged.unreadable.retain(|value| seen.insert(value.clone()));
    merged
}
