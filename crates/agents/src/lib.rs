//! A call-analysis agent and a sales-coach agent whose every claim cites the
//! transcript.
//!
//! - [`CallAnalysisAgent`]: one call's score from 0 to 100 with its parts,
//!   priority, risks, next steps, recommendations, deal context, talk shares and
//!   the tone over the call.
//! - [`SalesCoachAgent`]: a rep's period compared with the team's, what to practise
//!   and which calls to listen to; and all reps side by side.
//! - [`DealAgent`]: a deal and an account over their calls: what became of promises, what came
//!   back, who stands how, what changed.
//! - [`CallSearch`]: calls that resemble a call, and calls that answer a query.
//! - [`AskAgent`]: a question about a call, a deal, an account or a period, answered in
//!   sentences that cite.
//! - [`scorecard`]: a team's own questions about a call or a deal, answered with evidence.
//! - [`FollowUpAgent`]: the draft of a mail after a call, and what is for the seller alone.
//! - [`DigestAgent`]: a week in a page.
//! - [`insights`]: what a language backend computes about calls, once, and the
//!   store keeps.
//! - [`targets`]: what good is, for scores and coaching alike, and what a team may set of it.
//! - [`task`]: all of it as JSON in and JSON out.
//! - [`report`]: all of it as one HTML file for people.
//!
//! The agents see a store and a language backend through their traits and name
//! no implementation. [`Evidence`] is copied from transcripts and cannot be
//! invented; a [`Claim`] cannot be built without it.
//!
//! ```
//! use std::sync::Arc;
//!
//! use agents::task::Dispatcher;
//! use calls::{CallId, RawDocument};
//! use cortex::LocalLanguage;
//! use snowflake_store::{Landing, LandingPage, SqliteStore, TransformScope};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let call = r#"{
//!     "metaData": {"id": "7", "title": "Demo", "started": "2026-01-20T10:00:00Z",
//!                  "duration": 60, "primaryUserId": "1"},
//!     "parties": [{"speakerId": "r", "userId": "1", "name": "Rosa", "affiliation": "Internal"},
//!                 {"speakerId": "b", "name": "Bo", "affiliation": "External"}]
//! }"#;
//! let transcript = r#"{"callId": "7", "transcript": [
//!     {"speakerId": "r", "sentences": [{"start": 0, "end": 4000, "text": "What slows you down today?"}]},
//!     {"speakerId": "b", "sentences": [{"start": 4500, "end": 30000, "text": "Manual reports, mostly."}]},
//!     {"speakerId": "r", "sentences": [{"start": 31000, "end": 36000, "text": "I'll send you a plan by Friday."}]}
//! ]}"#;
//! let store = Arc::new(SqliteStore::in_memory().await?);
//! let page = LandingPage::new("doc")
//!     .with_calls(vec![RawDocument::new(CallId::new("7"), call)?])
//!     .with_transcripts(vec![RawDocument::new(CallId::new("7"), transcript)?]);
//! store.land(page).await?;
//! store.transform(TransformScope::Pending { limit: 10 }).await?;
//!
//! let dispatcher = Dispatcher::new(store, Arc::new(LocalLanguage::default()));
//! let task = br#"{"task_type": "analyze_call", "call_id": "7"}"#;
//! let (reply, exit_code) = dispatcher.run_json(task).await;
//! assert_eq!(exit_code, 0, "{reply}");
//! let agreed = reply["result"]["score"]["parts"].as_array().unwrap().iter()
//!     .find(|part| part["part"] == "next_steps").unwrap();
//! assert_eq!(agreed["evidence"][0]["text"], "I'll send you a plan by Friday.");
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

mod analysis;
mod ask;
mod coach;
mod conversation;
mod deal;
mod digest;
mod error;
mod evidence;
mod follow_up;
pub mod insights;
mod prose;
pub mod report;
pub mod scorecard;
mod search;
pub mod targets;
pub mod task;
mod toml_file;
mod wording;

pub use analysis::{
    CallAnalysis, CallAnalysisAgent, CallFacts, CallReadingView, CallScore, CallSummary,
    CoursePoint, DealContext, DealHealth, GongStep, Part, Participant, Priority, PriorityFactor,
    PriorityLevel, PriorityReason, Recommendation, SameStep, Score, ScorePart, SecondOpinion,
    StepsCompared, Target, UnscoredPart,
};
pub use ask::{AnswerSource, AskAgent, AskScope, AskedAnswer};
pub use coach::{
    Assessment, BenchmarkMetric, BenchmarkRow, CallLink, CoachingClaim, CoachingRecommendation,
    CoachingReport, CoachingSummary, Confidence, ConfidenceLevel, Course, DEFAULT_DAYS,
    HistoryPoint, ListeningPick, MeanOf, MetricStanding, MomentAdvice, MomentExample, MomentPlace,
    OutcomeCount, OutcomeShare, Pattern, Patterns, PeerExample, PeriodChoice, Practice,
    SalesCoachAgent, SentimentBucket, SentimentScope, SentimentTrends, Separation, Standing,
    TeamBenchmark, TeamOverview, TeamRow, Trend,
};
pub use deal::{
    AccountCall, AccountDeal, AccountTimeline, ComparedWith, DealAgent, DealCallFacts,
    DealOverview, DealStanding, DealStep, HealthReason, PushbackThread, Qualified, Raised,
    RepSkill, RiskLevel, Stakeholder, StakeholderStance, StepState,
};
pub use digest::{
    Digest, DigestAgent, DigestCalls, DigestDeal, DueStep, NewRisk, RecurringPushback, StageMove,
    WorthHearing,
};
pub use error::{Error, ErrorCode, Result};
pub use evidence::{Basis, Citations, Claim, Evidence, Figure};
pub use follow_up::{
    CrmUpdate, Draft, DraftSentence, FollowUp, FollowUpAgent, Internal, Recipient, Section, ToDo,
};
pub use search::{CallSearch, FoundCall, Passage, Why};
pub use targets::{CoachMetric, GoodDirection};

// What signatures here show, so that a program needs no other crate for it.
pub use resilience::{self, ErrorKind};
pub use {calls, cortex, snowflake_store};
