//! Workspaces, scorecards, trackers, outcomes and briefs. For callers that read how Gong is set up.

use super::IntegrationReply;
use super::engagement::IntegrationTypeSetting;
use crate::draft::Pending;
use crate::group::operations;
use crate::wire::records;
use crate::wire::words::ReviewMethod;
use calls::{Timestamp, UserId, WorkspaceId};

operations! {
    /// How the company's Gong is set up.
    Settings<'a> "settings";

    /// All workspaces.
    read GET "/v2/workspaces" listWorkspaces "api:workspaces:read"
    pub fn workspaces() -> Pending<'a, Vec<WorkspaceRecord>> {
        it => it.list("workspaces")
    }

    /// All scorecards, with their questions.
    read GET "/v2/settings/scorecards" listScorecards "api:settings:scorecards:read"
    pub fn scorecards() -> Pending<'a, Vec<Scorecard>> {
        it => it.list("scorecards")
    }

    /// Keyword trackers, of one workspace or of all.
    read GET "/v2/settings/trackers" listTrackers "api:settings:trackers:read"
    pub fn trackers(workspace: Option<WorkspaceId>) -> Pending<'a, Vec<KeywordTracker>> {
        it => it.maybe("workspaceId", workspace).list("keywordTrackers")
    }

    /// The briefs that can be asked for, of one workspace or of all.
    read GET "/v2/settings/briefs" listBriefs "api:ai-briefer:read"
    pub fn briefs(workspace: Option<WorkspaceId>) -> Pending<'a, Vec<BriefTemplate>> {
        it => it.maybe("workspaceId", workspace).list("briefs")
    }

    /// The outcomes that calls can have.
    read GET "/v2/call-outcomes" listCallOutcomes "api:call-outcomes:read"
    pub fn call_outcomes() -> Pending<'a, Vec<OutcomeSetting>> {
        it => it.list("outcomes")
    }

    /// Says where parts of Gong may be embedded.
    write POST "/v2/integration-settings" integrationSettings "api:integration-settings:write"
    pub fn set_integration(settings: Vec<IntegrationTypeSetting>) -> Pending<'a, IntegrationReply> {
        it => it.json(&serde_json::json!({ "integrationTypeSettings": settings })).whole()
    }
}

records! {
    /// A keyword tracker. Smart trackers are not listed.
    pub struct KeywordTracker {
        "trackerId" tracker_id: Option<String>,
        "trackerName" tracker_name: Option<String>,
        "workspaceId" workspace_id: Option<WorkspaceId>,
        "languageKeywords" language_keywords: Vec<TrackerKeywords>,
        "affiliation" affiliation: Option<String>,
        "partOfQuestion" part_of_question: Option<bool>,
        "saidAt" said_at: Option<String>,
        "saidAtInterval" said_at_interval: Option<i64>,
        "saidAtUnit" said_at_unit: Option<String>,
        "saidInTopics" said_in_topics: Vec<String>,
        /// JSON as text.
        "filterQuery" filter_query: Option<String>,
        "created" created: Option<Timestamp>,
        "creatorUserId" creator_user_id: Option<UserId>,
        "updated" updated: Option<Timestamp>,
        "updaterUserId" updater_user_id: Option<UserId>,
    }

    /// The words of a tracker in one language.
    pub struct TrackerKeywords {
        "language" language: Option<String>,
        "keywords" keywords: Vec<String>,
        "includeRelatedForms" include_related_forms: Option<bool>,
    }

    /// A scorecard. All numbers come as text, and are read as either.
    pub struct Scorecard {
        "scorecardId" scorecard_id: Option<String>,
        "scorecardName" scorecard_name: Option<String>,
        "workspaceId" workspace_id: Option<WorkspaceId>,
        "enabled" enabled: Option<bool>,
        "updaterUserId" updater_user_id: Option<UserId>,
        "created" created: Option<Timestamp>,
        "updated" updated: Option<Timestamp>,
        "reviewMethod" review_method: Option<ReviewMethod>,
        "questions" questions: Vec<ScorecardQuestion>,
    }

    /// A question of a scorecard.
    pub struct ScorecardQuestion {
        "questionId" question_id: Option<String>,
        "questionRevisionId" question_revision_id: Option<String>,
        "questionText" question_text: Option<String>,
        "isOverall" is_overall: Option<bool>,
        "questionType" question_type: Option<String>,
        "answerGuide" answer_guide: Option<String>,
        "minRange" min_range: Option<i64>,
        "maxRange" max_range: Option<i64>,
        "answerOptions" answer_options: Vec<QuestionOption>,
        "created" created: Option<Timestamp>,
        "updated" updated: Option<Timestamp>,
        "updaterUserId" updater_user_id: Option<UserId>,
    }

    /// An answer to choose.
    pub struct QuestionOption {
        "id" id: Option<String>,
        "text" text: Option<String>,
    }

    /// A kind of brief that Gong can write.
    pub struct BriefTemplate {
        "briefId" brief_id: Option<String>,
        "briefName" brief_name: Option<String>,
        "workspaceId" workspace_id: Option<WorkspaceId>,
        "description" description: Option<String>,
        "status" status: Option<String>,
        "creator" creator: Option<String>,
        "creatorUserId" creator_user_id: Option<UserId>,
        "created" created: Option<Timestamp>,
        "updated" updated: Option<Timestamp>,
    }

    /// A workspace.
    pub struct WorkspaceRecord {
        "id" id: Option<WorkspaceId>,
        "name" name: Option<String>,
        "description" description: Option<String>,
    }

    /// An outcome that calls can have.
    pub struct OutcomeSetting {
        "callOutcome" call_outcome: Option<String>,
        "displayOrder" display_order: Option<i64>,
        "connectStatus" connect_status: Option<String>,
        "sentiment" sentiment: Option<String>,
        "todoAction" todo_action: Option<String>,
        "automation" automation: Option<String>,
        "category" category: Option<String>,
    }
}
