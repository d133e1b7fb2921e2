//! Gong's wire format read into the domain, tolerant where Gong's own
//! specification is wrong: nulls anywhere, ids as strings or integers, missing
//! parts, unknown fields and enum values.
//!
//! It lives beside the domain because two layers need it that must not know
//! each other: the client that fetches and the stores that transform.

mod call;
mod crm;
mod error;
mod list;
mod transcript;

pub use call::decode_call;
pub use error::DecodeError;
pub use transcript::decode_transcript;

/// Version of the code that reads documents: another number means that a document which
/// could not be read is worth another try.
pub const READER_VERSION: u32 = 1;
