//! What replies of all kinds write alike.

use jiff::Timestamp;

/// Number of the simulated account.
pub(super) const PORTAL_ID: u64 = 12_345_678;

/// `2026-05-01T00:00:00.000Z`.
pub(super) fn with_milliseconds(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
