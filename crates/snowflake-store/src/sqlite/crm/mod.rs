//! The CRM mirror, and which of its records calls are linked to.

pub(super) mod links;
mod matches;
mod mirror;
mod wanted;

pub(super) use matches::save_matches;
pub(super) use mirror::save;
pub(super) use wanted::wanted;
