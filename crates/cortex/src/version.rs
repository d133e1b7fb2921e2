//! Versions of what a reading is made with, as part of its provenance.

use sha2::{Digest, Sha256};

/// Bytes of a hash that tell versions apart.
const BYTES: usize = 4;

/// The first bytes of what was hashed, as hexadecimal digits.
pub(crate) fn version_of(hashed: Sha256) -> String {
    let digest = hashed.finalize();
    let bytes = digest.iter().take(BYTES);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}
