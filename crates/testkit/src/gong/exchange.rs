//! One request, and what it is answered from.

use super::state::{Changing, Shared};
use crate::http::Request;

/// One request being served.
pub(super) struct Exchange<'a> {
    pub(super) shared: &'a Shared,
    pub(super) changing: &'a Changing,
    pub(super) request: &'a Request,
    pub(super) request_id: &'a str,
}
