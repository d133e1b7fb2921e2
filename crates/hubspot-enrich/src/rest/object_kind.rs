//! The kinds of objects we read, and their names in paths and scopes.

use calls::{Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId};

use crate::property_reader::PropertyReader;
use crate::record;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Deal,
    Contact,
    Company,
}

impl ObjectKind {
    pub(super) fn of(kind: &CrmObjectKind) -> Option<Self> {
        match kind {
            CrmObjectKind::Deal => Some(Self::Deal),
            CrmObjectKind::Contact => Some(Self::Contact),
            CrmObjectKind::Company => Some(Self::Company),
            _ => None,
        }
    }

    /// As used in paths.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Deal => "deals",
            Self::Contact => "contacts",
            Self::Company => "companies",
        }
    }

    /// The scope that reading it takes.
    pub(super) fn scope(self) -> &'static str {
        match self {
            Self::Deal => "crm.objects.deals.read",
            Self::Contact => "crm.objects.contacts.read",
            Self::Company => "crm.objects.companies.read",
        }
    }

    /// The properties that its record is read from.
    pub(super) fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Deal => record::DEAL_PROPERTIES,
            Self::Contact => record::CONTACT_PROPERTIES,
            Self::Company => record::COMPANY_PROPERTIES,
        }
    }
}

/// A record that one kind of object becomes.
pub(super) trait ObjectRecord: Send + Sync + Sized + 'static {
    type Id: Clone + Eq + std::hash::Hash + AsRef<str> + From<String> + Send + Sync + 'static;

    const KIND: ObjectKind;

    fn assemble(id: Self::Id, properties: &mut PropertyReader<'_>) -> Self;
}

macro_rules! object_records {
    ($($record:ident($id:ident) = $assemble:path;)+) => {$(
        impl ObjectRecord for $record {
            type Id = $id;

            const KIND: ObjectKind = ObjectKind::$record;

            fn assemble(id: $id, properties: &mut PropertyReader<'_>) -> Self {
                $assemble(id, properties)
            }
        }
    )+};
}
object_records! {
    Deal(DealId) = record::deal;
    Contact(ContactId) = record::contact;
    Company(CompanyId) = record::company;
}
