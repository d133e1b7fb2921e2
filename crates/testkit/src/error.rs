//! The crate's error.

resilience::error_type! {
    /// Why a double could not be started or filled.
    pub struct Error;
}
