//! Who a rep is.

use snowflake_store::{Rep, RepIdentity};

/// How to ask the store for a rep: by id, else e-mail address, else name.
pub(crate) fn lookup_of(rep: &RepIdentity) -> Option<Rep> {
    rep.id
        .clone()
        .map(Rep::Id)
        .or_else(|| rep.email.clone().map(Rep::Email))
        .or_else(|| rep.name.clone().map(Rep::Name))
}

/// Whether a rep is the one that a caller names.
pub(crate) fn is_named(identity: &RepIdentity, rep: &Rep) -> bool {
    let is = |known: &Option<String>, text: &str| {
        let known = known.as_ref();
        known.is_some_and(|known| known.to_lowercase() == text.to_lowercase())
    };
    match rep {
        Rep::Id(id) => identity.id.as_ref() == Some(id),
        Rep::Email(email) => is(&identity.email, email),
        Rep::Name(name) => is(&identity.name, name),
        Rep::AnyOf(ids) => identity.id.as_ref().is_some_and(|id| ids.contains(id)),
    }
}

/// What to call a rep in prose.
pub(crate) fn name_of(rep: &RepIdentity) -> &str {
    rep.name
        .as_deref()
        .or(rep.email.as_deref())
        .or(rep.id.as_ref().map(|id| id.as_str()))
        .unwrap_or("an unnamed rep")
}
