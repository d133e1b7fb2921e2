//! Crash-safe, incremental ingestion of Gong calls into a call store.
//!
//! A call is *desired state*, not an event: Gong serves calls late and
//! transcripts later still, lets both be edited and deletes silently.
//! [`GongSync`] therefore makes a store equal to what Gong serves for a span of
//! time, however often it runs and however it was stopped:
//!
//! - The span is split into [windows](snowflake_store::Window) small enough to
//!   repeat. Each is committed with its last page, and a run that was killed
//!   resumes with the missing windows. Cursors are never stored.
//! - Incremental runs look back over the last days to find late calls, late
//!   transcripts and edits. Behind that, each run checks some stored calls by
//!   id and lists some older spans again.
//! - What Gong no longer serves is requested once more by id, and is removed only
//!   within the [limits](RemovalLimits) of the settings.
//! - What cannot land becomes a dead letter keyed by what is at fault. The rest
//!   lands, and every report mentions the letter until it is gone.
//!
//! Fetching, landing and transforming overlap in tasks joined by short channels, so
//! memory is bounded whatever the amount of data. `docs/sync.md` has all the promises.
#![warn(missing_docs)]

mod choice;
mod enrich;
mod extract;
mod fetch;
mod fetching;
mod in_flight;
mod lander;
mod letters;
mod live;
mod missing;
mod origin;
mod plan;
mod progress;
mod reconcile;
mod refused;
mod relist;
mod removals;
mod report;
mod rolling;
pub mod schedule;
mod settings;
mod streams;
mod sync;
mod transcripts;
mod transformer;

pub use choice::CallChoice;
pub use enrich::{Enricher, EnrichmentReport};
pub use live::LiveCalls;
pub use missing::fetch_transcripts;
pub use progress::{Event, Progress};
pub use removals::RemovalLimits;
pub use report::SyncReport;
pub use settings::SyncSettings;
pub use streams::{StreamReport, StreamSettings, StreamSync};
pub use sync::GongSync;

// What signatures here show, so that a program needs no other crate for it.
pub use resilience::{self, ErrorKind};
pub use snowflake_store::{CancellationToken, SyncMode};
pub use {calls, gong_client, hubspot_enrich, snowflake_store};

resilience::error_type! {
    /// Why a sync stopped. Whatever was landed before is stored, and the next
    /// run goes on from there.
    pub struct Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<gong_client::Error> for Error {
    fn from(error: gong_client::Error) -> Self {
        carry(error, "gong")
    }
}

impl From<snowflake_store::Error> for Error {
    fn from(error: snowflake_store::Error) -> Self {
        carry(error, "store")
    }
}

impl From<hubspot_enrich::Error> for Error {
    fn from(error: hubspot_enrich::Error) -> Self {
        carry(error, "crm")
    }
}

/// Keeps kind, waiting time and cause of a lower layer's error, and says which layer it was.
fn carry<E: resilience::Failure + Send + Sync + 'static>(error: E, layer: &str) -> Error {
    let wrapped = Error::new(error.kind(), format!("{layer}: {error}"))
        .with_retry_after(error.retry_after())
        .exhausted();
    wrapped.with_source(error)
}
