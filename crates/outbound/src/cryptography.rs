//! Whose cryptography TLS uses.
//!
//! reqwest would bring aws-lc, whose C code compiles for longer than all clients together.
//! It is left out here, and rustls is given ring unless the feature `aws-lc` is on.

use rustls::crypto::CryptoProvider;
#[cfg(feature = "aws-lc")]
use rustls::crypto::aws_lc_rs as provider;
#[cfg(not(feature = "aws-lc"))]
use rustls::crypto::ring as provider;

/// Gives rustls its cryptography, unless the program has chosen one before.
pub(crate) fn provide() {
    if CryptoProvider::get_default().is_none() {
        // Another thread may have been quicker, which is as good.
        let _ = provider::default_provider().install_default();
    }
}
