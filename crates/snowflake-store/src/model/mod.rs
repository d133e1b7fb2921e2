//! What goes into a store and what comes out, shared by all stores.

mod check;
mod coaching;
mod colleague;
pub(crate) mod crm;
pub(crate) mod dead_letter;
mod detail;
mod erasure;
mod export;
mod insight;
mod landing;
mod lease;
mod name;
mod origin;
mod reading;
mod record;
mod rep_figures;
mod run;
mod search;
pub(crate) mod unlinked;
mod upkeep;

pub use check::{CheckQuery, DocumentCheck};
pub use coaching::{
    Benchmark, CallHeader, CallOrder, CallQuery, CoachingCall, Performance, Period, Rep,
    RepIdentity, Spread,
};
pub use colleague::Colleague;
pub use crm::{
    CrmMatch, CrmSnapshot, CrmStanding, CrmWanted, Gone, GoneRecords, MatchReason, UnlinkedCall,
};
pub use dead_letter::{DeadLetter, DeadLetterRecord, DeadLettersQuery, Fault};
pub use detail::{CallDetail, CallMetrics};
pub use erasure::{ErasedRows, Erasure, ErasureReceipt, ErasureRequest, ErasureSubject, Mention};
pub use export::{ExportCall, ExportLayout, ExportRow, ExportTable, ExportType, ExportValue};
pub use insight::{CallInsights, Chunk, ChunkEmbedding, CitedItem};
pub use landing::{
    Landed, LandedCounts, LandingPage, TransformFailure, TransformReport, TransformScope,
};
pub use lease::{HeldBy, LeaseOutcome, LeaseOwner, LeaseRequest};
pub use name::{KnownName, MOST_NAMES, NameKind};
pub use origin::Origin;
pub use reading::CallReading;
pub use record::{GongRecord, RecordPage, RecordQuery, RecordStream, RecordsLanded};
pub use rep_figures::{Measured, RepFigures};
pub use run::{
    Checkpoint, CheckpointStep, KnownCall, KnownCallsQuery, OpenRun, RunCounts, RunFinish,
    RunStart, Stream, SyncMode, Watermark, Window,
};
pub use search::{ChunkHit, FindingHit};
pub use upkeep::{Freshness, Health, RetentionOutcome, TableCount};
