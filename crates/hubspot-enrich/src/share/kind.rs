//! The names of record kinds in the share.

use calls::{Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId};

use crate::property_reader::PropertyReader;
use crate::record::{self, COMPANY_PROPERTIES, CONTACT_PROPERTIES, DEAL_PROPERTIES};

/// Names of one kind of record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShareKind {
    /// As in `OBJECTS_DEALS` and `ASSOCIATIONS_DEALS_TO_CONTACTS`.
    pub(super) plural: &'static str,
    /// As in `DEAL_OBJECTID`.
    pub(super) key_column: &'static str,
}

const DEALS: ShareKind = ShareKind {
    plural: "DEALS",
    key_column: "DEAL_OBJECTID",
};
const CONTACTS: ShareKind = ShareKind {
    plural: "CONTACTS",
    key_column: "CONTACT_OBJECTID",
};
const COMPANIES: ShareKind = ShareKind {
    plural: "COMPANIES",
    key_column: "COMPANY_OBJECTID",
};

impl ShareKind {
    pub(super) fn of(kind: &CrmObjectKind) -> Option<&'static Self> {
        match kind {
            CrmObjectKind::Deal => Some(&DEALS),
            CrmObjectKind::Contact => Some(&CONTACTS),
            CrmObjectKind::Company => Some(&COMPANIES),
            _ => None,
        }
    }
}

/// A record that a row becomes.
pub(super) trait ShareRecord: Send + Sync + Sized + 'static {
    type Id: Clone + Eq + std::hash::Hash + AsRef<str> + From<String> + Send + Sync + 'static;

    const TABLE: &'static str;
    const PROPERTIES: &'static [&'static str];
    /// Columns without which its records would say what is not so.
    const REQUIRED: &'static [&'static str];

    fn assemble(id: Self::Id, properties: &mut PropertyReader<'_>) -> Self;

    fn id(&self) -> &Self::Id;
}

macro_rules! share_records {
    ($($record:ident($id:ident), $table:literal, $properties:ident, $required:expr, $assemble:path;)+) => {$(
        impl ShareRecord for $record {
            type Id = $id;

            const TABLE: &'static str = $table;
            const PROPERTIES: &'static [&'static str] = $properties;
            const REQUIRED: &'static [&'static str] = $required;

            fn assemble(id: $id, properties: &mut PropertyReader<'_>) -> Self {
                $assemble(id, properties)
            }

            fn id(&self) -> &$id {
                &self.id
            }
        }
    )+};
}

/// Without them no deal would be won, or none closed.
const FLAGS: &[&str] = &["PROPERTY_HS_IS_CLOSED", "PROPERTY_HS_IS_CLOSED_WON"];

share_records! {
    Deal(DealId), "OBJECTS_DEALS", DEAL_PROPERTIES, FLAGS, record::deal;
    Contact(ContactId), "OBJECTS_CONTACTS", CONTACT_PROPERTIES, &[], record::contact;
    Company(CompanyId), "OBJECTS_COMPANIES", COMPANY_PROPERTIES, &[], record::company;
}
