//! The kinds of objects that the simulator holds.

/// A kind of CRM object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ObjectType {
    /// `deals`, `0-3`.
    Deal,
    /// `contacts`, `0-1`.
    Contact,
    /// `companies`, `0-2`.
    Company,
}

impl ObjectType {
    pub(super) const ALL: [Self; 3] = [Self::Deal, Self::Contact, Self::Company];

    /// Reads a segment of a path: the plural name or the object type id.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "deals" | "0-3" => Some(Self::Deal),
            "contacts" | "0-1" => Some(Self::Contact),
            "companies" | "0-2" => Some(Self::Company),
            _ => None,
        }
    }

    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Deal => "deals",
            Self::Contact => "contacts",
            Self::Company => "companies",
        }
    }

    pub(super) fn singular(self) -> &'static str {
        match self {
            Self::Deal => "deal",
            Self::Contact => "contact",
            Self::Company => "company",
        }
    }

    /// The object type id, such as `0-3`.
    pub(super) fn type_id(self) -> &'static str {
        match self {
            Self::Deal => "0-3",
            Self::Contact => "0-1",
            Self::Company => "0-2",
        }
    }

    /// The scope that reading it takes.
    pub(super) fn read_scope(self) -> &'static str {
        match self {
            Self::Deal => "crm.objects.deals.read",
            Self::Contact => "crm.objects.contacts.read",
            Self::Company => "crm.objects.companies.read",
        }
    }

    /// The property that an edit touches.
    pub(super) fn modified_property(self) -> &'static str {
        match self {
            Self::Contact => "lastmodifieddate",
            Self::Deal | Self::Company => "hs_lastmodifieddate",
        }
    }

    /// What comes when a request names no properties.
    pub(super) fn default_properties(self) -> &'static [&'static str] {
        match self {
            Self::Deal => &[
                "amount",
                "closedate",
                "createdate",
                "dealname",
                "dealstage",
                "hs_lastmodifieddate",
                "hs_object_id",
                "pipeline",
            ],
            Self::Contact => &[
                "createdate",
                "email",
                "firstname",
                "hs_object_id",
                "lastmodifieddate",
                "lastname",
            ],
            Self::Company => &[
                "createdate",
                "domain",
                "hs_lastmodifieddate",
                "hs_object_id",
                "name",
            ],
        }
    }
}
