//! How people talk, work and are scored. For callers that measure it.
//!
//! Days are those of the company's time zone. A window of one day is `from` and the day
//! after; the same day twice is an empty answer.

use super::content::InteractionStat;
use crate::draft::Paged;
use crate::group::operations;
use crate::wire::words::{AggregationPeriod, ReviewMethod};
use crate::wire::{records, requests};
use calls::{CallId, Timestamp, UserId};
use jiff::civil::Date;

operations! {
    /// Figures about users.
    Stats<'a> "stats";

    /// How users talk, over calls in which Whisper was on.
    read POST "/v2/stats/interaction" listInteractionStats "api:stats:interaction"
    pub fn interaction(filter: ActivityFilter) -> Paged<'a, UserInteraction> {
        it => it.filter(&filter).paged("peopleInteractionStats", |_| None)
    }

    /// What users did over the whole period.
    read POST "/v2/stats/activity/aggregate" listMultipleUsersAggregateActivity "api:stats:user-actions"
    pub fn activity(filter: ActivityFilter) -> Paged<'a, TotalActivity> {
        it => it.filter(&filter).paged("usersAggregateActivityStats", |_| None)
    }

    /// What users did, period by period.
    read POST "/v2/stats/activity/aggregate-by-period" listMultipleUsersAggregateByPeriod "api:stats:user-actions"
    pub fn activity_by_period(filter: ActivityFilter, period: AggregationPeriod) -> Paged<'a, PeriodicActivity> {
        it => it
            .json(&serde_json::json!({ "filter": filter, "aggregationPeriod": period }))
            .paged("usersAggregateActivity", |_| None)
    }

    /// The calls that users did something with, day by day.
    read POST "/v2/stats/activity/day-by-day" listMultipleUsersDayByDayActivity "api:stats:user-actions:detailed"
    pub fn activity_by_day(filter: ActivityFilter) -> Paged<'a, DailyActivity> {
        it => it.filter(&filter).paged("usersDetailedActivities", |_| None)
    }

    /// Scorecards that were filled in.
    read POST "/v2/stats/activity/scorecards" listAnsweredScorecards "api:stats:scorecards"
    pub fn answered_scorecards(filter: AnsweredScorecardFilter) -> Paged<'a, AnsweredScorecard> {
        it => it.filter(&filter).paged("answeredScorecards", |card| card.answered_scorecard_id.as_deref())
    }
}

records! {
    /// How a user talks, over calls in which Whisper was on.
    pub struct UserInteraction {
        "userId" user_id: Option<UserId>,
        "userEmailAddress" user_email_address: Option<String>,
        "personInteractionStats" person_interaction_stats: Vec<InteractionStat>,
    }

    /// A scorecard, filled in for one call.
    pub struct AnsweredScorecard {
        "answeredScorecardId" answered_scorecard_id: Option<String>,
        "scorecardId" scorecard_id: Option<String>,
        "scorecardName" scorecard_name: Option<String>,
        "callId" call_id: Option<CallId>,
        "callStartTime" call_start_time: Option<Timestamp>,
        "reviewedUserId" reviewed_user_id: Option<UserId>,
        "reviewerUserId" reviewer_user_id: Option<UserId>,
        "reviewMethod" review_method: Option<ReviewMethod>,
        "editorUserId" editor_user_id: Option<UserId>,
        "reviewTime" review_time: Option<Timestamp>,
        "visibilityType" visibility_type: Option<String>,
        "answers" answers: Vec<ScorecardAnswer>,
    }

    /// An answer of a scorecard.
    pub struct ScorecardAnswer {
        "questionId" question_id: Option<String>,
        "questionRevisionId" question_revision_id: Option<String>,
        "isOverall" is_overall: Option<bool>,
        "score" score: Option<i64>,
        "answerText" answer_text: Option<String>,
        "notApplicable" not_applicable: Option<bool>,
        "selectedOptions" selected_options: Vec<String>,
    }

    /// What a user did, day by day.
    pub struct DailyActivity {
        "userId" user_id: Option<UserId>,
        "userEmailAddress" user_email_address: Option<String>,
        "userDailyActivityStats" user_daily_activity_stats: Vec<ActivityCalls>,
    }

    /// Ids of the calls that a user did something with on one day.
    pub struct ActivityCalls {
        "callsAsHost" calls_as_host: Vec<CallId>,
        "callsGaveFeedback" calls_gave_feedback: Vec<CallId>,
        "callsRequestedFeedback" calls_requested_feedback: Vec<CallId>,
        "callsReceivedFeedback" calls_received_feedback: Vec<CallId>,
        "ownCallsListenedTo" own_calls_listened_to: Vec<CallId>,
        "othersCallsListenedTo" others_calls_listened_to: Vec<CallId>,
        "callsSharedInternally" calls_shared_internally: Vec<CallId>,
        "callsSharedExternally" calls_shared_externally: Vec<CallId>,
        "callsAttended" calls_attended: Vec<CallId>,
        "callsCommentsGiven" calls_comments_given: Vec<CallId>,
        "callsCommentsReceived" calls_comments_received: Vec<CallId>,
        "callsMarkedAsFeedbackGiven" calls_marked_as_feedback_given: Vec<CallId>,
        "callsMarkedAsFeedbackReceived" calls_marked_as_feedback_received: Vec<CallId>,
        "callsScorecardsFilled" calls_scorecards_filled: Vec<CallId>,
        "callsScorecardsReceived" calls_scorecards_received: Vec<CallId>,
        "fromDate" from_date: Option<Timestamp>,
        "toDate" to_date: Option<Timestamp>,
    }

    /// What a user did over the whole period.
    pub struct TotalActivity {
        "userId" user_id: Option<UserId>,
        "userEmailAddress" user_email_address: Option<String>,
        "userAggregateActivityStats" user_aggregate_activity_stats: Option<ActivityCounts>,
    }

    /// How many calls a user did something with.
    pub struct ActivityCounts {
        "callsAsHost" calls_as_host: Option<i64>,
        "callsGaveFeedback" calls_gave_feedback: Option<i64>,
        "callsRequestedFeedback" calls_requested_feedback: Option<i64>,
        "callsReceivedFeedback" calls_received_feedback: Option<i64>,
        "ownCallsListenedTo" own_calls_listened_to: Option<i64>,
        "othersCallsListenedTo" others_calls_listened_to: Option<i64>,
        "callsSharedInternally" calls_shared_internally: Option<i64>,
        "callsSharedExternally" calls_shared_externally: Option<i64>,
        "callsScorecardsFilled" calls_scorecards_filled: Option<i64>,
        "callsScorecardsReceived" calls_scorecards_received: Option<i64>,
        "callsAttended" calls_attended: Option<i64>,
        "callsCommentsGiven" calls_comments_given: Option<i64>,
        "callsCommentsReceived" calls_comments_received: Option<i64>,
        "callsMarkedAsFeedbackGiven" calls_marked_as_feedback_given: Option<i64>,
        "callsMarkedAsFeedbackReceived" calls_marked_as_feedback_received: Option<i64>,
        "fromDate" from_date: Option<Timestamp>,
        "toDate" to_date: Option<Timestamp>,
    }

    /// What a user did, period by period.
    pub struct PeriodicActivity {
        "userId" user_id: Option<UserId>,
        "userEmailAddress" user_email_address: Option<String>,
        "userAggregateActivity" user_aggregate_activity: Vec<ActivityCounts>,
    }
}

requests! {
    /// Which answered scorecards. Dates are days in the company's time zone.
    pub struct AnsweredScorecardFilter {
        required {
        }
        optional {
            "callFromDate" call_from_date: Date,
            "callToDate" call_to_date: Date,
            "reviewFromDate" review_from_date: Date,
            "reviewToDate" review_to_date: Date,
            /// Gong assumes `Manual`, which leaves reviews by AI out; ask for `Both`.
            "reviewMethod" review_method: ReviewMethod,
            "reviewedUserIds" reviewed_user_ids: Vec<UserId>,
            "scorecardIds" scorecard_ids: Vec<String>,
        }
    }

    /// Whose figures, over which days of the company's time zone. `to_date` is exclusive and at most today.
    pub struct ActivityFilter {
        required {
            "fromDate" from_date: Date,
            "toDate" to_date: Date,
        }
        optional {
            "createdFromDateTime" created_from_date_time: Timestamp,
            "createdToDateTime" created_to_date_time: Timestamp,
            "userIds" user_ids: Vec<UserId>,
        }
    }
}
