//! The domain of recorded sales calls, as plain data and pure functions.
//!
//! Nothing here does I/O. The crates that fetch, store, enrich and analyse calls
//! share these types and nothing else.
//!
//! - [`id`]: newtypes for every identifier. Gong's ids reach twenty digits, so
//!   they are strings and never numbers.
//! - [`Call`], [`Party`], [`CrmReference`]: a call and its participants.
//! - [`GongFindings`]: what Gong found in a call by itself.
//! - [`Transcript`], [`Sentence`], [`Turn`]: what was said, with times in
//!   milliseconds from the start of the recording.
//! - [`Deal`], [`Contact`], [`Company`], [`Stage`]: the business context.
//! - [`Sentiment`], [`Provenance`]: what a backend computed, and which one.
//! - [`reading`]: everything a backend understood of a call in one pass.
//! - [`RawDocument`], [`canonical`], [`gong`]: raw JSON, its canonical form, and the
//!   decoder of Gong's wire format.
//! - [`analytics`]: talk ratio, monologues, interactivity, patience, questions
//!   and fillers, one documented definition each.
#![warn(missing_docs)]

pub mod analytics;
mod call;
pub mod canonical;
mod crm;
mod document;
mod findings;
pub mod gong;
pub mod id;
mod notes;
mod party;
pub mod reading;
mod sentiment;
mod stage_stay;
mod transcript;

pub use call::{Call, Direction, Media, Scope, TopicShare, TrackerHit};
pub use crm::{
    Association, Company, Contact, CrmObjectKind, CrmReference, CrmTiming, Deal, DealOutcome,
    Owner, Stage, is_amount,
};
pub use document::RawDocument;
pub use findings::{
    CallOutcome, GongFindings, Highlight, HighlightSection, OutlineItem, OutlineSection,
    PublicComment, QuestionCounts, TrackerFinding, TrackerOccurrence, TrackerPhrase,
};
pub use id::{
    CallId, CompanyId, ContactId, DealId, OwnerId, PartyId, PipelineId, SentenceId, SpeakerId,
    StageId, UserId, WorkspaceId,
};
pub use party::{Affiliation, Party};
pub use sentiment::{Provenance, Sentiment, SentimentLabel};
pub use stage_stay::StageStay;
pub use transcript::{Sentence, Transcript, Turn};

/// The instant type of every date in this workspace: UTC, nanosecond precision.
///
/// Offsets that a source sends stay in the raw JSON; domain values are UTC.
pub use jiff::{self, Timestamp};
/// The type of amounts of money.
pub use rust_decimal::{self, Decimal};
