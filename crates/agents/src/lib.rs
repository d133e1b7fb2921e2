//! Agents.
#![warn(missing_docs)]

mod analysis;
mod coach;
mod conversation;
mod error;
mod evidence;
pub mod insights;
mod prose;
pub mod report;
mod search;
pub mod task;

pub use analysis::{
    CallAnalysis, CallAnalysisAgent, CallFacts, CallSummary, CoursePoint, DealContext, Part,
    Participant, Priority, PriorityFactor, PriorityLevel, PriorityReason, Recommendation, Score,
    ScorePart, Target, UnscoredPart,
};
pub use coach::{
    Assessment, CallLink, CoachMetric, CoachingClaim, CoachingRecommendation, CoachingReport,
    Confidence, ConfidenceLevel, Course, DEFAULT_DAYS, GoodDirection, ListeningPick,
    MetricStanding, PeerExample, PeriodChoice, SalesCoachAgent, Standing, TeamOverview, TeamRow,
    Trend,
};
pub use error::{Error, ErrorCode, Result};
pub use evidence::{Basis, Citations, Claim, Evidence, Figure};
pub use search::{CallSearch, FoundCall, Passage};
