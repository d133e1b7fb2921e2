//! The crate's one error.

resilience::error_type! {
    /// What went wrong in a language backend.
    ///
    /// Messages name limits and methods and never hold call text, prompts or
    /// credentials.
    pub struct Error;
}

#[cfg(feature = "generative")]
impl From<outbound::Error> for Error {
    fn from(below: outbound::Error) -> Self {
        Self::from_below(below)
    }
}

/// A result with this crate's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The result of one item of a batch.
pub type Outcome<T> = Result<T, Error>;
