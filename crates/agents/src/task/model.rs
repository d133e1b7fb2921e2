//! The tasks, typed.

use calls::reading::CallType;
use calls::{CallId, DealId, DealOutcome, Timestamp};
use jiff::civil::Date;
use snowflake_store::{CallOrder, Period, Rep};

use crate::SentimentScope;

/// A task as JSON: `{"task_type": "analyze_call", "call_id": "…"}`.
///
/// Reading validates: every field is of its type and in its range, nothing is
/// missing and nothing is unknown. JSON's `null` counts as absent.
///
/// ```
/// use agents::task::Task;
///
/// let task: Task = serde_json::from_str(r#"{"task_type": "analyze_call", "call_id": "42"}"#)?;
/// assert_eq!(task.name(), "analyze_call");
///
/// let error = Task::from_json(br#"{"task_type": "coach_rep", "days": 0}"#).unwrap_err();
/// assert_eq!((error.code().as_str(), error.field()), ("out_of_range", Some("days")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Task {
    /// One call.
    AnalyzeCall {
        /// The call.
        call_id: CallId,
        /// Competitors to look for besides those that are found without names; at most 100.
        competitors: Vec<String>,
    },
    /// A rep's period compared with the team's.
    CoachRep {
        /// Exactly one of `rep_id`, `rep_email`, `rep_name`. `rep` takes any of
        /// them: an id when it is a number, an e-mail address when it has an `@`.
        rep: Rep,
        /// Compared with the team of this manager in place of everybody.
        team: Option<String>,
        /// `from` and `to`, or `days`.
        period: TaskPeriod,
    },
    /// Calls that resemble a call, or a text. Exactly one of `call_id` and `query`.
    FindSimilarCalls {
        /// What to compare with.
        to: Likeness,
        /// Among which calls.
        filter: CallFilter,
        /// 1 to 50; 10 when not given.
        limit: usize,
    },
    /// Many calls.
    BatchAnalysis {
        /// `call_ids`, or the calls of a period.
        calls: BatchCalls,
        /// Calls under way at the same time, 1 to 64; 4 when not given.
        concurrency: usize,
    },
    /// All reps of a period.
    TeamOverview {
        /// Only those who report to this manager; all when `None`.
        team: Option<String>,
        /// `from` and `to`, or `days`.
        period: TaskPeriod,
    },
    /// A rep's period, or the team's, in a few sentences with what to practise first.
    CoachingSummary {
        /// Named as in `coach_rep`; the team when `None`.
        rep: Option<Rep>,
        /// The team of this manager in place of everybody.
        team: Option<String>,
        /// `from` and `to`, or `days`.
        period: TaskPeriod,
    },
    /// Each rep's figures against the team's and against the calls of won deals.
    TeamBenchmark {
        /// Only this rep, named as in `coach_rep`; all when `None`.
        rep: Option<Rep>,
        /// The team of this manager in place of everybody.
        team: Option<String>,
        /// `from` and `to`, or `days`.
        period: TaskPeriod,
    },
    /// What recurs over the calls of a period, and what tells won deals from lost ones.
    FindPatterns {
        /// Only this rep's calls, named as in `coach_rep`; all when `None`.
        rep: Option<Rep>,
        /// Only those of the team of this manager.
        team: Option<String>,
        /// `from` and `to`, or `days`.
        period: TaskPeriod,
        /// Newest calls that are looked at, 1 to 500; 200 when not given.
        limit: usize,
    },
    /// How the tone of calls develops.
    SentimentTrends {
        /// Whose calls: those of a rep, named as in `coach_rep`, or with an `account`; the
        /// team's when neither is given.
        of: SentimentScope,
        /// `from` and `to`, or `days`.
        period: TaskPeriod,
        /// Length of a part in days, 1 to 366; 7 when not given.
        bucket_days: u32,
    },
    /// Calls that contain the words of a query or come close to its meaning.
    SearchCalls {
        /// Words.
        query: String,
        /// Among which calls.
        filter: CallFilter,
        /// 1 to 50; 10 when not given.
        limit: usize,
    },
    /// A deal over its calls.
    DealOverview {
        /// Exactly one of `deal_id`, `deal_name`, `account`.
        deal: DealNamed,
        /// The day as of which it is told; today when not given.
        today: Option<Date>,
    },
    /// An account over its calls.
    AccountTimeline {
        /// A company, by name or domain, or somebody's address there.
        account: String,
        /// The day as of which it is told; today when not given.
        today: Option<Date>,
    },
    /// A question about some calls, answered in sentences that cite.
    Ask {
        /// The question.
        question: String,
        /// Exactly one of `call_id`, `deal_id`, `account` and a period, which may be
        /// one rep's.
        about: AskAbout,
    },
    /// How well a call was led, and apart from it how the deal stands.
    ScoreCall {
        /// The call.
        call_id: CallId,
        /// Name of a scorecard that is answered beside it.
        scorecard: Option<String>,
    },
    /// A scorecard's questions about a call or a deal.
    Scorecard {
        /// Its name.
        scorecard: String,
        /// Exactly one of `call_id` and `deal_id`.
        about: Scored,
    },
    /// The draft of a mail after a call, and what is for the seller alone.
    FollowUp {
        /// The call.
        call_id: CallId,
    },
    /// A period of the team or of one rep in a page.
    Digest {
        /// Only their calls.
        rep: Option<Rep>,
        /// Only those of the team of this manager.
        team: Option<String>,
        /// `from` and `to`, or `days`; 7 days when not given.
        period: TaskPeriod,
        /// What due dates are counted from; the present day when `None`.
        today: Option<Date>,
    },
    /// Calls in a list.
    ListCalls {
        /// Among which calls.
        filter: CallFilter,
        /// Only calls with a transcript.
        with_transcript: bool,
        /// Only calls that no language backend has looked at.
        without_insights: bool,
        /// `newest_first` (when not given) or `oldest_first`.
        order: CallOrder,
        /// 1 to 500; 50 when not given.
        limit: usize,
    },
}

/// Which calls a task is about. What is given must all fit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallFilter {
    /// Of one rep, named as in `coach_rep`.
    pub rep: Option<Rep>,
    /// Of those who report to this manager.
    pub team: Option<String>,
    /// That started in it.
    pub period: Option<TaskPeriod>,
    /// With a company, by name or domain.
    pub account: Option<String>,
    /// With somebody, by e-mail address.
    pub participant: Option<String>,
    /// Of one deal.
    pub deal_id: Option<DealId>,
    /// Of a deal in this stage now.
    pub deal_stage: Option<String>,
    /// Of a deal that stands so.
    pub outcome: Option<DealOutcome>,
    /// Of this type, by a reading.
    pub call_type: Option<CallType>,
    /// That hold all of these words in the title or in a passage.
    pub words: Option<String>,
}

/// How a task names a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DealNamed {
    /// By the CRM's id.
    Id(DealId),
    /// By its name, in any case.
    Name(String),
    /// The deal of the latest call with a company, by name or domain.
    Account(String),
}

/// The period of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskPeriod {
    /// From `from` to before `to`. A task may name days: the first one starts
    /// the period and the last one is part of it, in UTC.
    Between(Period),
    /// From an instant to now.
    Since(Timestamp),
    /// This many days back from now, 1 to 3660; 30 when not given.
    Days(u32),
}

/// What to find similar calls for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Likeness {
    /// A call.
    CallId(CallId),
    /// A text.
    Query(String),
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq)]
pub enum AskAbout {
    /// A call.
    Call(CallId),
    /// A deal.
    Deal(DealId),
    /// A company, by name or domain.
    Account(String),
    /// A period.
    Period {
        /// The span of time.
        period: TaskPeriod,
        /// Of one rep, named as in `coach_rep`.
        rep: Option<Rep>,
    },
}

/// What a scorecard is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scored {
    /// A call.
    Call(CallId),
    /// The calls of a deal.
    Deal(DealId),
}

/// The calls of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchCalls {
    /// These, at most 500.
    Ids(Vec<CallId>),
    /// Those with a transcript in a period, newest first.
    Period {
        /// The span of time; everything when `None`.
        period: Option<TaskPeriod>,
        /// 1 to 500; 50 when not given.
        limit: usize,
    },
}

impl Task {
    /// The task's `task_type`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AnalyzeCall { .. } => "analyze_call",
            Self::CoachRep { .. } => "coach_rep",
            Self::FindSimilarCalls { .. } => "find_similar_calls",
            Self::BatchAnalysis { .. } => "batch_analysis",
            Self::TeamOverview { .. } => "team_overview",
            Self::CoachingSummary { .. } => "coaching_summary",
            Self::TeamBenchmark { .. } => "team_benchmark",
            Self::FindPatterns { .. } => "find_patterns",
            Self::SentimentTrends { .. } => "sentiment_trends",
            Self::SearchCalls { .. } => "search_calls",
            Self::ListCalls { .. } => "list_calls",
            Self::DealOverview { .. } => "deal_overview",
            Self::AccountTimeline { .. } => "account_timeline",
            Self::Ask { .. } => "ask",
            Self::ScoreCall { .. } => "score_call",
            Self::Scorecard { .. } => "scorecard",
            Self::FollowUp { .. } => "follow_up",
            Self::Digest { .. } => "digest",
        }
    }
}
