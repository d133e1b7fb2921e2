//! Who owns what.
//!
//! For callers that show deals with their owners.

use std::collections::HashMap;

use calls::{Deal, Owner, OwnerId};

/// Gives deals the names of their owners; an owner without a name is called by the
/// e-mail address.
///
/// An owner who is not among `owners` is not an error: the deal keeps the name it came with,
/// mostly `None`.
///
/// ```
/// let deal = |owner: &str| {
///     let mut deal = calls::Deal::new("1");
///     deal.owner_id = Some(owner.into());
///     deal
/// };
/// let owners = [calls::Owner {
///     id: "41".into(),
///     name: Some("Ana Diaz".into()),
///     email: None,
///     archived: true,
/// }];
/// let mut deals = [deal("41"), deal("42")];
/// hubspot_enrich::resolve_owner_names(&mut deals, &owners);
/// assert_eq!(deals[0].owner_name.as_deref(), Some("Ana Diaz"));
/// assert_eq!(deals[1].owner_name, None);
/// ```
pub fn resolve_owner_names(deals: &mut [Deal], owners: &[Owner]) {
    let by_id: HashMap<&OwnerId, &Owner> = owners.iter().map(|owner| (&owner.id, owner)).collect();
    for deal in deals {
        let owner = deal.owner_id.as_ref().and_then(|id| by_id.get(id));
        let called = owner.and_then(|owner| owner.name.as_ref().or(owner.email.as_ref()));
        if let Some(name) = called {
            deal.owner_name = Some(name.clone());
        }
    }
}
