//! A [`FaultySource`] as a whole store, so that what writes to it meets its faults too.

use async_trait::async_trait;
use calls::{CallId, Timestamp};
use snowflake_store::{
    CheckQuery, DeadLetter, DeadLetterRecord, DeadLettersQuery, DocumentCheck, Erasure,
    ErasureRequest, ExportCall, ExportRow, ExportTable, Freshness, Health, KnownCall,
    KnownCallsQuery, Landed, Landing, LandingPage, LeaseOutcome, LeaseOwner, LeaseRequest, OpenRun,
    Origin, Result, RetentionOutcome, RunFinish, RunStart, Stream, SyncMode, TableCount,
    TransformReport, TransformScope, Upkeep, Watermark,
};

use super::FaultySource;

/// Implements a trait by asking, and then having the inner store do it.
macro_rules! fails_on_demand {
    ($trait:ident {
        $(async fn $name:ident(&self $(, $argument:ident: $type:ty)* $(,)?) -> Result<$output:ty>;)*
    } $($rest:tt)*) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<S: $trait> $trait for FaultySource<S> {
            $($rest)*
            $(
                async fn $name(&self $(, $argument: $type)*) -> Result<$output> {
                    self.request().await?;
                    self.inner.$name($($argument),*).await
                }
            )*
        }
    };
}

fails_on_demand! {
    Landing {
        async fn land(&self, page: LandingPage) -> Result<Landed>;
        async fn transform(&self, scope: TransformScope) -> Result<TransformReport>;
        async fn start_run(&self, run: &RunStart) -> Result<()>;
        async fn finish_run(&self, run: &RunFinish) -> Result<()>;
        async fn open_run(&self, mode: SyncMode) -> Result<Option<OpenRun>>;
        async fn watermark(&self) -> Result<Option<Watermark>>;
        async fn position(&self, stream: Stream) -> Result<Option<String>>;
        async fn known_calls(&self, query: &KnownCallsQuery) -> Result<Vec<KnownCall>>;
        async fn count_live_calls(&self) -> Result<u64>;
        async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()>;
        async fn dead_letters(&self, query: &DeadLettersQuery) -> Result<Vec<DeadLetterRecord>>;
        async fn retire_dead_letter(&self, stream: Stream, key: &str, at: Timestamp) -> Result<bool>;
        async fn origin(&self) -> Result<Option<Origin>>;
        async fn set_origin(&self, origin: &Origin) -> Result<()>;
        async fn check_documents(&self, query: &CheckQuery) -> Result<DocumentCheck>;
    }
    fn pages_at_once(&self) -> usize {
        self.inner.pages_at_once()
    }
}

fails_on_demand! {
    Upkeep {
        async fn migrate(&self) -> Result<u32>;
        async fn health(&self) -> Result<Health>;
        async fn freshness(&self) -> Result<Freshness>;
        async fn counts(&self) -> Result<Vec<TableCount>>;
        async fn apply_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>>;
        async fn preview_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>>;
        async fn erase(&self, request: &ErasureRequest) -> Result<Erasure>;
        async fn export_calls(&self) -> Result<Vec<ExportCall>>;
        async fn export_rows(&self, table: ExportTable, calls: &[CallId]) -> Result<Vec<ExportRow>>;
        async fn acquire_lease(&self, request: &LeaseRequest) -> Result<LeaseOutcome>;
        async fn release_lease(&self, name: &str, owner: &LeaseOwner) -> Result<()>;
    }
}
