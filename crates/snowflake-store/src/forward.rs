//! Stores that have another do it: shared, boxed, reopened and mocked stores, and those that
//! change one part.

use calls::{CallId, Provenance, Timestamp};

use crate::{
    CallDetail, CallHeader, CallInsights, CallQuery, CallReader, CallReading, CheckQuery,
    ChunkEmbedding, ChunkHit, CoachingCall, Colleague, CrmMatch, CrmSnapshot, CrmWanted,
    DeadLetter, DeadLetterRecord, DeadLettersQuery, DocumentCheck, Erasure, ErasureRequest,
    ExportCall, ExportRow, ExportTable, FindingHit, Freshness, GongRecord, Health, Insights,
    KnownCall, KnownCallsQuery, KnownName, Landed, Landing, LandingPage, LeaseOutcome, LeaseOwner,
    LeaseRequest, NameKind, OpenRun, Origin, Period, RecordPage, RecordQuery, Records,
    RecordsLanded, Rep, RepFigures, Result, RetentionOutcome, RunFinish, RunStart, Stream,
    SyncMode, TableCount, TransformReport, TransformScope, Upkeep, Watermark,
};

/// Pointers do as what they point to, traced stores in spans, a store that is opened anew as it
/// is open now, and a mocked store as the mock of that part.
macro_rules! forward_pointers_and_mock {
    ($trait:ident of $part:ident { $($methods:tt)* }) => {
        resilience::forward_pointers! { $trait { $($methods)* } }
        resilience::forward_in_spans! { "store" for $trait { $($methods)* } }
        resilience::forward_to! {
            [] $trait for crate::Reopenable, this => this.handle(), { $($methods)* }
        }
        #[cfg(feature = "mocks")]
        resilience::forward_to! {
            [] $trait for crate::MockCallStore, this => this.$part, { $($methods)* }
        }
    };
}

/// A store for Snowflake streams what it lands and does the rest as the store beside it.
macro_rules! forward_pointers_and_streamed {
    ($trait:ident of $part:ident { $($methods:tt)* }) => {
        forward_pointers_and_mock! { $trait of $part { $($methods)* } }
        #[cfg(feature = "streaming")]
        resilience::forward_to! {
            [] $trait for crate::StreamedLanding, this => this.store(), { $($methods)* }
        }
    };
}

/// A hybrid has its primary do it.
macro_rules! forward_to_primary {
    ($trait:ident { $($methods:tt)* }) => {
        resilience::forward_to! {
            [P: $trait, F: std::fmt::Debug + Send + Sync + 'static]
            $trait for crate::Hybrid<P, F>, this => this.primary, { $($methods)* }
        }
    };
}

macro_rules! forward_pointers_and_to_primary {
    ($trait:ident of $part:ident { $($methods:tt)* }) => {
        forward_pointers_and_mock! { $trait of $part { $($methods)* } }
        forward_to_primary! { $trait { $($methods)* } }
    };
}

forward_pointers_and_to_primary! {
    Landing of landing {
        fn pages_at_once(&self) -> usize;
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
        async fn retire_dead_letter(
            &self,
            stream: Stream,
            key: &str,
            at: Timestamp,
        ) -> Result<bool>;
        async fn origin(&self) -> Result<Option<Origin>>;
        async fn set_origin(&self, origin: &Origin) -> Result<()>;
        async fn check_documents(&self, query: &CheckQuery) -> Result<DocumentCheck>;
    }
}

forward_pointers_and_streamed! {
    CallReader of reader {
        async fn call_detail(&self, id: &CallId) -> Result<Option<CallDetail>>;
        async fn readings<'a>(
            &self,
            ids: &[CallId],
            reader: Option<&'a Provenance>,
        ) -> Result<Vec<CallReading>>;
        async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallHeader>>;
        async fn names(&self, kind: NameKind) -> Result<Vec<KnownName>>;
        async fn colleagues(&self) -> Result<Vec<Colleague>>;
        async fn calls_for_coaching<'a>(
            &self,
            rep: Option<&'a Rep>,
            period: Period,
            limit: usize,
        ) -> Result<Vec<CoachingCall>>;
        async fn team_figures<'a>(
            &self,
            period: Period,
            insights: Option<&'a Provenance>,
        ) -> Result<Vec<RepFigures>>;
        async fn similar_chunks<'a>(
            &self,
            query: &ChunkEmbedding,
            excluding: Option<&'a CallId>,
            limit: usize,
        ) -> Result<Vec<ChunkHit>>;
        async fn search_chunks(&self, words: &str, limit: usize) -> Result<Vec<ChunkHit>>;
        async fn search_findings(&self, words: &str, limit: usize) -> Result<Vec<FindingHit>>;
    }
}

forward_pointers_and_streamed! {
    Insights of insights {
        async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64>;
        async fn save_readings(&self, readings: &[CallReading]) -> Result<u64>;
        async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()>;
        async fn save_crm_matches(&self, matches: &[CrmMatch]) -> Result<u64>;
        async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted>;
    }
}

macro_rules! forward_everywhere {
    ($trait:ident of $part:ident { $($methods:tt)* }) => {
        forward_pointers_and_streamed! { $trait of $part { $($methods)* } }
        forward_to_primary! { $trait { $($methods)* } }
    };
}

forward_everywhere! {
    Records of records {
        async fn land_records(&self, page: &RecordPage) -> Result<RecordsLanded>;
        async fn records(&self, query: &RecordQuery) -> Result<Vec<GongRecord>>;
    }
}

forward_pointers_and_streamed! {
    Upkeep of upkeep {
        async fn migrate(&self) -> Result<u32>;
        async fn health(&self) -> Result<Health>;
        async fn freshness(&self) -> Result<Freshness>;
        async fn counts(&self) -> Result<Vec<TableCount>>;
        async fn apply_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>>;
        async fn preview_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>>;
        async fn erase(&self, request: &ErasureRequest) -> Result<Erasure>;
        async fn export_calls(&self) -> Result<Vec<ExportCall>>;
        async fn export_rows(
            &self,
            table: ExportTable,
            calls: &[CallId],
        ) -> Result<Vec<ExportRow>>;
        async fn acquire_lease(&self, request: &LeaseRequest) -> Result<LeaseOutcome>;
        async fn release_lease(&self, name: &str, owner: &LeaseOwner) -> Result<()>;
    }
}
