//! Compiling what is looked for.

use regex::Regex;
use resilience::ErrorKind;

use crate::{Error, Result};

/// Most bytes of all names together, a hundred times those of a large call.
const MOST_NAME_BYTES: usize = 64 * 1_024;

/// Compiles a pattern. Only one that is made of names can fail.
pub(super) fn pattern(pattern: &str) -> Result<Regex> {
    // The regex's own message quotes the pattern, and with it the names.
    Regex::new(pattern).map_err(|_| too_many_names())
}

/// Refuses names that would take long to compile.
pub(super) fn check_size(names: &[String]) -> Result<()> {
    let bytes: usize = names.iter().map(String::len).sum();
    if bytes > MOST_NAME_BYTES {
        return Err(too_many_names());
    }
    Ok(())
}

fn too_many_names() -> Error {
    let message = "names are too long or too many to look for";
    Error::new(ErrorKind::InvalidInput, message).with_field("parties")
}
