//! Who reports to whom, as Gong's users say.

use calls::UserId;

/// A user of Gong and whom they report to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Colleague {
    /// Gong's id.
    pub id: UserId,
    /// E-mail address.
    pub email: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Whom they report to; `None` where Gong names nobody.
    pub manager_id: Option<UserId>,
}
