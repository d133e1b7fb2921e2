//! A call with everything that is asked of it.

use calls::reading::CallToRead;
use snowflake_store::CallDetail;

use crate::insights::call_to_read;
use crate::{Error, Result};

/// A call with everything that is asked of it.
pub(super) struct AskedCall {
    pub(super) detail: CallDetail,
    pub(super) call: CallToRead,
}

impl AskedCall {
    /// # Errors
    /// [`NoTranscript`](crate::ErrorCode::NoTranscript).
    pub(super) fn new(detail: CallDetail) -> Result<Self, Error> {
        Ok(Self {
            call: call_to_read(&detail)?,
            detail,
        })
    }
}
