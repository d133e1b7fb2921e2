//! The CRM mirror, and which of its records calls are linked to.

mod matches;
mod mirror;
mod wanted;

pub(super) use matches::statements as matches;
pub(super) use mirror::statements as mirror;
pub(super) use wanted::wanted;
