//! What the workspace measures, through the facade of the crate `metrics`.
//!
//! [`table`] names every meter once; crates emit through its constants, so that a name, its
//! labels and their order are written in one place. A program installs a recorder to see
//! them, as `serve` and `daemon` do; without one, emitting costs a branch.

mod measured;
pub mod table;

pub use measured::{Meter, MeterKind};
use metrics::{describe_counter, describe_gauge, describe_histogram};

/// Tells the recorder that is installed what each meter means.
pub fn describe() {
    for meter in table::ALL {
        match meter.kind {
            MeterKind::Counter => describe_counter!(meter.name, meter.meaning),
            MeterKind::Gauge => describe_gauge!(meter.name, meter.meaning),
            MeterKind::Histogram => describe_histogram!(meter.name, meter.meaning),
        }
    }
}
