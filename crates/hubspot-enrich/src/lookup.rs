//! The five ways to look records up, as one shape that code can be generic over.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::{Company, CompanyId, Contact, ContactId, Deal, DealId};

use crate::{Batch, CrmSource, Result, match_key};

/// One of the batch methods of [`CrmSource`].
#[async_trait]
pub(crate) trait Lookup {
    type Key: Clone + Debug + Send + Sync + 'static;
    type Record: Send + Sync + 'static;

    const NAME: &'static str;
    /// Whether the keys are the records' ids.
    const BY_ID: bool;

    async fn ask<S: CrmSource>(
        source: &S,
        keys: &[Self::Key],
    ) -> Result<Batch<Self::Record, Self::Key>>;

    /// A key in the form in which it is compared.
    fn spelled(key: &Self::Key) -> String;

    /// The record's id as text.
    fn id(record: &Self::Record) -> &str;
}

macro_rules! lookups {
    ($($method:ident => $name:ident($key:ty, $record:ty), by id: $by_id:literal, $spelled:expr;)+) => {$(
        pub(crate) struct $name;

        #[async_trait]
        impl Lookup for $name {
            type Key = $key;
            type Record = $record;

            const NAME: &'static str = stringify!($method);
            const BY_ID: bool = $by_id;

            async fn ask<S: CrmSource>(source: &S, keys: &[$key]) -> Result<Batch<$record, $key>> {
                source.$method(keys).await
            }

            fn spelled(key: &$key) -> String {
                let spelled: fn(&str) -> String = $spelled;
                spelled(key.as_str())
            }

            fn id(record: &$record) -> &str {
                record.id.as_str()
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
}
