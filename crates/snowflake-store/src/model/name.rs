//! Names, for telling which one was meant.

/// Names that one question gives at most.
pub const MOST_NAMES: usize = 50_000;

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameKind {
    /// Hosts of calls, by name and by e-mail address.
    Rep,
    /// Companies, by name and by domain, and the domains of participants who are no
    /// colleagues.
    Account,
    /// Deals, by the name in the CRM mirror, else the one that Gong saw.
    Deal,
    /// Stages of deals in the CRM mirror, by their labels, else by their ids.
    Stage,
}

/// A name and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KnownName {
    /// Gong's id of a user, the CRM's of a company or deal; `None` for what has none.
    pub id: Option<String>,
    /// As the source spells it.
    pub name: String,
}
