//! Questions to Gong about an account, a deal or a person. For callers that pay its credits.
//!
//! A question reads at most 60 calls and 500 e-mails. Once the credits are used up, the error
//! is `QuotaExhausted`.

use crate::draft::Pending;
use crate::group::operations;
use crate::wire::words::{CrmEntityType, TimePeriod};
use crate::wire::{records, requests};
use calls::{CallId, Timestamp, WorkspaceId};

operations! {
    /// Questions about entities of the CRM.
    Entities<'a> "entities";

    /// Gong's answer to a question about an entity.
    read GET "/v2/entities/ask-entity" askEntity "api:ai-ask:read"
    pub fn ask(about: EntityQuery, question: impl Into<String>) -> Pending<'a, EntityAnswer> {
        it => it.query_of(&about).query("question", question.into()).whole()
    }

    /// Gong's brief about an entity; its name is one of `settings().briefs`.
    read GET "/v2/entities/get-brief" generateBrief "api:ai-briefer:read"
    pub fn brief(about: EntityQuery, brief_name: impl Into<String>) -> Pending<'a, EntityBrief> {
        it => it.query_of(&about).query("briefName", brief_name.into()).whole()
    }
}

requests! {
    /// What a question is about. A `Custom` period needs both instants.
    pub struct EntityQuery {
        required {
            "workspaceId" workspace_id: WorkspaceId,
            "crmEntityType" crm_entity_type: CrmEntityType,
            "crmEntityId" crm_entity_id: String,
            "timePeriod" time_period: TimePeriod,
        }
        optional {
            "fromDateTime" from_date_time: Timestamp,
            "toDateTime" to_date_time: Timestamp,
        }
    }
}

records! {
    /// A brief, with where its parts come from.
    pub struct EntityBrief {
        "requestId" request_id: Option<String>,
        "numOfCallsSearched" num_of_calls_searched: Option<i64>,
        "numOfEmailsSearched" num_of_emails_searched: Option<i64>,
        "briefSections" brief_sections: Vec<BriefSection>,
    }

    /// A section of a brief.
    pub struct BriefSection {
        "title" title: Option<String>,
        "sectionSummary" section_summary: Vec<String>,
        "conversationFindings" conversation_findings: Option<ConversationFindings>,
        "briefSectionType" brief_section_type: Option<String>,
        "webFindings" web_findings: Vec<WebFinding>,
        "mcpResult" mcp_result: Option<McpResult>,
    }

    /// The conversations that something was found in.
    pub struct ConversationFindings {
        "callFindings" call_findings: Vec<CallFinding>,
        "emailFindings" email_findings: Vec<EmailFinding>,
    }

    /// A call that something was found in.
    pub struct CallFinding {
        "call" call: Option<CallReferenceInfo>,
    }

    /// A call, in short.
    pub struct CallReferenceInfo {
        "id" id: Option<CallId>,
        "title" title: Option<String>,
        "started" started: Option<Timestamp>,
        "url" url: Option<String>,
    }

    /// E-mails that something was found in.
    pub struct EmailFinding {
        "emails" emails: Vec<EmailInfo>,
    }

    /// An e-mail, in short.
    pub struct EmailInfo {
        "id" id: Option<String>,
        "title" title: Option<String>,
        "sentDateTime" sent_date_time: Option<Timestamp>,
    }

    /// A page that something was found on.
    pub struct WebFinding {
        "domain" domain: Option<String>,
        "title" title: Option<String>,
        "url" url: Option<String>,
    }

    /// What servers of the model context protocol gave.
    pub struct McpResult {
        "connections" connections: Vec<McpConnection>,
        "servers" servers: Vec<String>,
        "mcpStatus" mcp_status: Option<String>,
        "errorMessage" error_message: Option<String>,
    }

    /// How a connection went.
    pub struct McpConnection {
        "name" name: Option<String>,
        "status" status: Option<String>,
    }

    /// An answer, with where its parts come from.
    pub struct EntityAnswer {
        "requestId" request_id: Option<String>,
        "numOfCallsSearched" num_of_calls_searched: Option<i64>,
        "numOfEmailsSearched" num_of_emails_searched: Option<i64>,
        "answer" answer: Vec<AnswerSection>,
    }

    /// A part of an answer.
    pub struct AnswerSection {
        "answerItems" answer_items: Vec<String>,
        "emailFindings" email_findings: Vec<EmailFinding>,
        "callFindings" call_findings: Vec<CallFinding>,
    }
}
