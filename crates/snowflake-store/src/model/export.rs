//! What is exported: tables with their columns, the same from every store.

use calls::{CallId, Decimal, Timestamp};

/// How the rows of a table are laid out in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportLayout {
    /// Rows of calls, a file a month in which the calls took place.
    ByMonth,
    /// Rows of calls, in one file: they change with the CRM as well.
    OfCalls,
    /// Rows that belong to no single call, in one file.
    Whole,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportType {
    /// Text.
    Text,
    /// JSON text.
    Json,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// True or false.
    Boolean,
    /// An instant.
    Instant,
    /// An amount of money, at most 38 digits, 12 of them behind the point.
    Decimal,
}

/// A value of a row; `Debug` shows its type alone.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum ExportValue {
    /// None.
    Null,
    /// Text, or JSON text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// An instant.
    Instant(Timestamp),
    /// An amount.
    Decimal(Decimal),
}

impl std::fmt::Debug for ExportValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Text(_) => "Text",
            Self::Integer(_) => "Integer",
            Self::Float(_) => "Float",
            Self::Boolean(_) => "Boolean",
            Self::Instant(_) => "Instant",
            Self::Decimal(_) => "Decimal",
        })
    }
}

/// A row, in the order of the table's columns.
pub type ExportRow = Vec<ExportValue>;

/// A call to be exported.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportCall {
    /// The call.
    pub id: CallId,
    /// When it took place: `2026-03`, in UTC.
    pub month: String,
    /// Another text whenever a row of the call may be another.
    pub version: String,
}

impl ExportCall {
    pub(crate) fn new(id: CallId, month: String, version: String) -> Self {
        Self { id, month, version }
    }
}

macro_rules! export_tables {
    ($($table:ident $name:literal $layout:ident [$($type:ident $column:literal,)+])+) => {
        /// A table that is exported.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ExportTable {
            $(#[doc = concat!("`", $name, "`.")] $table,)+
        }

        impl ExportTable {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$table),+];

            /// Its name, which is that of its folder.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$table => $name,)+
                }
            }

            /// How its rows are laid out.
            pub fn layout(self) -> ExportLayout {
                match self {
                    $(Self::$table => ExportLayout::$layout,)+
                }
            }

            /// Its columns with their types.
            pub fn columns(self) -> &'static [(&'static str, ExportType)] {
                match self {
                    $(Self::$table => &[$(($column, ExportType::$type)),+],)+
                }
            }
        }
    };
}

export_tables! {
    Calls "calls" ByMonth [
        Text "CALL_ID",
        Text "CALL_TITLE",
        Instant "CALL_DATETIME_UTC",
        Instant "SCHEDULED_DATETIME_UTC",
        Integer "CALL_DURATION_SECONDS",
        Text "CALL_DIRECTION",
        Text "CALL_MEDIA",
        Text "CALL_SCOPE",
        Text "CALL_SYSTEM",
        Text "CALL_LANGUAGE",
        Text "CALL_URL",
        Text "WORKSPACE_ID",
        Boolean "IS_PRIVATE",
        Text "PRIMARY_USER_ID",
        Text "PRIMARY_USER_EMAIL",
        Text "PRIMARY_USER_NAME",
        Text "HUBSPOT_DEAL_ID",
        Text "HUBSPOT_CONTACT_ID",
        Text "HUBSPOT_COMPANY_ID",
        Text "CRM_MATCH_REASON",
        Text "DEAL_NAME",
        Text "DEAL_STAGE",
        Text "DEAL_STAGE_AT_CALL",
        Decimal "DEAL_AMOUNT",
        Json "TRACKERS",
        Text "BRIEF",
        Integer "SENTENCE_COUNT",
        Float "TALK_RATIO",
        Float "LONGEST_MONOLOGUE_SECONDS",
        Float "LONGEST_CUSTOMER_STORY_SECONDS",
        Float "INTERACTIVITY_SCORE",
        Float "PATIENCE_SECONDS",
        Integer "QUESTIONS_ASKED_COUNT",
        Float "QUESTION_RATE",
        Float "FILLER_RATE",
        Float "SENTIMENT_SCORE",
        Text "SENTIMENT_LABEL",
        Text "CALL_SUMMARY",
        Json "KEY_TOPICS",
        Json "RISK_INDICATORS",
        Json "NEXT_STEPS",
        Text "INSIGHTS_BACKEND",
        Text "INSIGHTS_MODEL",
    ]
    Sentences "sentences" ByMonth [
        Text "CALL_ID",
        Integer "SENTENCE_INDEX",
        Text "SPEAKER_ID",
        Text "SPEAKER_NAME",
        Text "SPEAKER_EMAIL",
        Text "SPEAKER_TYPE",
        Integer "START_MS",
        Integer "END_MS",
        Integer "WORD_COUNT",
        Float "SEGMENT_SENTIMENT",
        Text "TOPIC",
        Text "TRANSCRIPT_TEXT",
    ]
    Participants "participants" ByMonth [
        Text "CALL_ID",
        Integer "PARTICIPANT_INDEX",
        Text "PARTY_ID",
        Text "SPEAKER_ID",
        Text "USER_ID",
        Text "PARTICIPANT_NAME",
        Text "PARTICIPANT_EMAIL",
        Text "PARTICIPANT_TITLE",
        Text "AFFILIATION",
        Text "HUBSPOT_CONTACT_ID",
    ]
    Topics "topics" ByMonth [
        Text "CALL_ID",
        Integer "TOPIC_INDEX",
        Text "TOPIC_NAME",
        Float "DURATION_SECONDS",
    ]
    CrmLinks "crm_links" ByMonth [
        Text "CALL_ID",
        Integer "LINK_INDEX",
        Text "OBJECT_KIND",
        Text "OBJECT_ID",
    ]
    Chunks "chunks" ByMonth [
        Text "CALL_ID",
        Integer "FIRST_SENTENCE",
        Integer "LAST_SENTENCE",
        Float "CHUNK_SENTIMENT",
        Text "EMBEDDING_MODEL",
        Text "CHUNK_TEXT",
    ]
    GongFindings "gong_findings" ByMonth [
        Text "CALL_ID",
        Json "FINDINGS",
    ]
    Readings "readings" ByMonth [
        Text "CALL_ID",
        Text "BACKEND",
        Text "MODEL",
        Instant "READ_AT",
        Text "CALL_TYPE",
        Integer "DEAL_HEALTH",
        Json "DEAL_HEALTH_WHY",
        Text "SUMMARY",
        Integer "REQUESTS",
        Json "FAILED",
        Json "READING",
    ]
    ReadingItems "reading_items" ByMonth [
        Text "CALL_ID",
        Text "BACKEND",
        Text "MODEL",
        Text "KIND",
        Text "SUBKIND",
        Text "WHAT",
        Text "OWNER",
        Text "DUE",
        Text "DUE_SAID",
        Text "STATUS",
        Text "HANDLING",
        Integer "SEVERITY",
        Text "STANCE",
        Text "IMPACT",
        Text "BETTER",
        Float "CONFIDENCE",
        Json "SENTENCES",
    ]
    NextSteps "next_steps" ByMonth [
        Text "CALL_ID",
        Text "CALL_TITLE",
        Instant "CALL_DATETIME_UTC",
        Text "CALL_URL",
        Text "PRIMARY_USER_NAME",
        Text "HUBSPOT_DEAL_ID",
        Text "WHAT",
        Text "OWNER",
        Text "OWNER_NAME",
        Text "DUE",
        Text "DUE_SAID",
        Text "STATUS",
        Float "CONFIDENCE",
        Json "SENTENCES",
        Text "BACKEND",
        Text "MODEL",
    ]
    Pushback "pushback" ByMonth [
        Text "CALL_ID",
        Text "CALL_TITLE",
        Instant "CALL_DATETIME_UTC",
        Text "CALL_URL",
        Text "PRIMARY_USER_NAME",
        Text "HUBSPOT_DEAL_ID",
        Text "PUSHBACK_KIND",
        Text "WHAT",
        Integer "SEVERITY",
        Text "HANDLING",
        Float "CONFIDENCE",
        Json "SENTENCES",
        Text "BACKEND",
        Text "MODEL",
    ]
    EnrichedCalls "enriched_calls" OfCalls [
        Text "CALL_ID",
        Text "CALL_TITLE",
        Instant "CALL_DATETIME_UTC",
        Integer "CALL_DURATION_SECONDS",
        Text "CALL_DIRECTION",
        Text "CALL_LANGUAGE",
        Text "CALL_URL",
        Text "PRIMARY_USER_ID",
        Text "PRIMARY_USER_EMAIL",
        Text "PRIMARY_USER_NAME",
        Integer "SENTENCE_COUNT",
        Float "TALK_RATIO",
        Float "LONGEST_MONOLOGUE_SECONDS",
        Float "LONGEST_CUSTOMER_STORY_SECONDS",
        Float "INTERACTIVITY_SCORE",
        Float "PATIENCE_SECONDS",
        Integer "QUESTIONS_ASKED_COUNT",
        Float "QUESTION_RATE",
        Float "FILLER_RATE",
        Float "SENTIMENT_SCORE",
        Text "SENTIMENT_LABEL",
        Text "CALL_SUMMARY",
        Text "CRM_MATCH_REASON",
        Text "HUBSPOT_DEAL_ID",
        Integer "LINKED_DEALS",
        Text "DEAL_NAME",
        Text "DEAL_PIPELINE_ID",
        Text "DEAL_STAGE",
        Text "DEAL_STAGE_AT_CALL",
        Decimal "DEAL_AMOUNT",
        Text "DEAL_CURRENCY",
        Float "DEAL_PROBABILITY",
        Instant "DEAL_CREATED_AT",
        Instant "DEAL_CLOSE_DATE",
        Text "DEAL_OUTCOME",
        Integer "DEAL_DAYS_TO_CLOSE",
        Text "DEAL_OWNER_ID",
        Text "DEAL_OWNER_NAME",
        Text "DEAL_OWNER_EMAIL",
        Text "HUBSPOT_CONTACT_ID",
        Text "CONTACT_NAME",
        Text "CONTACT_EMAIL",
        Text "CONTACT_TITLE",
        Text "HUBSPOT_COMPANY_ID",
        Text "COMPANY_NAME",
        Text "COMPANY_DOMAIN",
        Text "COMPANY_INDUSTRY",
    ]
    SalesPerformance "sales_performance" Whole [
        Text "PRIMARY_USER_ID",
        Text "PRIMARY_USER_NAME",
        Text "PRIMARY_USER_EMAIL",
        Text "CALL_MONTH",
        Integer "CALL_COUNT",
        Integer "TOTAL_SECONDS",
        Float "AVG_TALK_RATIO",
        Float "AVG_LONGEST_MONOLOGUE_SECONDS",
        Float "AVG_LONGEST_CUSTOMER_STORY_SECONDS",
        Float "AVG_INTERACTIVITY_SCORE",
        Float "AVG_PATIENCE_SECONDS",
        Float "AVG_QUESTION_RATE",
        Float "AVG_FILLER_RATE",
        Float "AVG_SENTIMENT_SCORE",
        Integer "CALLS_WITH_DEAL",
        Integer "DEALS_WON",
        Integer "DEALS_LOST",
        Integer "DEALS_OPEN",
        Float "WIN_RATE",
        Float "AVG_DAYS_TO_WIN",
        Float "AMOUNT_WON",
        Text "AMOUNT_WON_CURRENCY",
    ]
    Deals "deals" Whole [
        Text "DEAL_ID",
        Text "DEAL_NAME",
        Decimal "AMOUNT",
        Text "CURRENCY",
        Text "PIPELINE_ID",
        Text "STAGE_ID",
        Text "STAGE_LABEL",
        Float "PROBABILITY",
        Instant "CLOSE_DATE",
        Instant "CREATED_AT",
        Text "OWNER_ID",
        Text "OWNER_NAME",
        Text "OUTCOME",
        Json "CONTACT_IDS",
        Json "COMPANY_IDS",
        Json "STAGE_STAYS",
    ]
    Contacts "contacts" Whole [
        Text "CONTACT_ID",
        Text "CONTACT_EMAIL",
        Text "CONTACT_NAME",
        Text "CONTACT_TITLE",
        Text "COMPANY_ID",
    ]
    Companies "companies" Whole [
        Text "COMPANY_ID",
        Text "COMPANY_NAME",
        Text "DOMAIN",
        Text "INDUSTRY",
    ]
    Owners "owners" Whole [
        Text "OWNER_ID",
        Text "OWNER_NAME",
        Text "OWNER_EMAIL",
        Boolean "IS_ARCHIVED",
    ]
    Stages "stages" Whole [
        Text "PIPELINE_ID",
        Text "STAGE_ID",
        Text "STAGE_LABEL",
        Float "PROBABILITY",
        Integer "DISPLAY_ORDER",
    ]
}
