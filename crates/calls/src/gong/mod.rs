//! Decodes Gong's wire format into the domain, tolerant where Gong's own
//! specification is wrong: nulls anywhere, ids as strings or integers, missing
//! parts, unknown fields and enum values, values of other types.
//!
//! Only the id of a call must be readable. Anything else that is not as documented is left
//! out with a note: [`decode_call_with_notes`] and [`decode_transcript_with_notes`] return both.
//!
//! It lives beside the domain because two layers need it that must not know
//! each other: the client that fetches and the stores that transform.

mod call;
mod crm;
mod decoded;
mod error;
mod field;
mod findings;
mod place;
mod transcript;
mod version;

pub use call::{call_times, decode_call, decode_call_with_notes};
pub use decoded::Decoded;
pub use error::DecodeError;
pub use transcript::{decode_transcript, decode_transcript_with_notes};
pub use version::DECODER_VERSION;
