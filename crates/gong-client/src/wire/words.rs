//! Words of Gong's API. For callers that compare or send them; each set may grow.

use super::words;

words! {
    /// Who called whom.
    pub enum Direction { Inbound = "Inbound", Outbound = "Outbound", Conference = "Conference", Unknown = "Unknown", }

    /// Whether outsiders took part.
    pub enum CallScope { Internal = "Internal", External = "External", Unknown = "Unknown", }

    /// What was recorded.
    pub enum MediaKind { Video = "Video", Audio = "Audio", }

    /// Which side a participant is on.
    pub enum Affiliation { Internal = "Internal", External = "External", Unknown = "Unknown", }

    /// A kind of CRM.
    pub enum CrmSystem { Salesforce = "Salesforce", HubSpot = "HubSpot", MicrosoftDynamic = "MicrosoftDynamic", Generic = "Generic", }

    /// A kind of object of a CRM. Questions take the first four, uploads all of them.
    pub enum CrmEntityType {
        Account = "ACCOUNT",
        Contact = "CONTACT",
        Deal = "DEAL",
        Lead = "LEAD",
        BusinessUser = "BUSINESS_USER",
        Stage = "STAGE",
    }

    /// A kind of field of a CRM.
    pub enum CrmFieldType {
        Boolean = "BOOLEAN",
        Currency = "CURRENCY",
        Date = "DATE",
        DateTime = "DATETIME",
        EmailAddress = "EMAILADDRESS",
        Id = "ID",
        Number = "NUMBER",
        Percent = "PERCENT",
        PhoneNumber = "PHONENUMBER",
        Picklist = "PICKLIST",
        Reference = "REFERENCE",
        Text = "STRING",
        TextArray = "STRINGARRAY",
        Url = "URL",
    }

    /// Whether words or a model find it.
    pub enum TrackerKind { Keyword = "KEYWORD", Smart = "SMART", }

    /// Who fills a scorecard in.
    pub enum ReviewMethod { Automatic = "AUTOMATIC", Manual = "MANUAL", Both = "BOTH", }

    /// How long the periods are that activity is summed over.
    pub enum AggregationPeriod { Day = "DAY", Week = "WEEK", Month = "MONTH", Quarter = "QUARTER", Year = "YEAR", }

    /// Where a job stands.
    pub enum JobStatus {
        Pending = "PENDING",
        InProgress = "IN_PROGRESS",
        Done = "DONE",
        Completed = "COMPLETED",
        Failed = "FAILED",
    }

    /// How far access reaches.
    pub enum AccessLevel {
        All = "all",
        ManagersTeam = "managers-team",
        ReportToThem = "report-to-them",
        Own = "own",
        None = "none",
    }

    /// Where a task stands.
    pub enum TaskStatus { Open = "OPEN", Done = "DONE", Dismissed = "DISMISSED", }

    /// Whether a flow or a person made a task.
    pub enum TaskKind { Flow = "FLOW", Manual = "MANUAL", }

    /// Who sees a flow.
    pub enum FlowVisibility { Company = "Company", Personal = "Personal", Shared = "Shared", }

    /// Where a prospect stands in a flow.
    pub enum FlowInstanceStatus {
        Pending = "Pending",
        Running = "Running",
        Paused = "Paused",
        FinishedNoReply = "FinishedNoReply",
        FinishedResponse = "FinishedResponse",
        Finished = "Finished",
    }

    /// What may be embedded.
    pub enum IntegrationType { EmailComposer = "EMAIL_COMPOSER", AccountPages = "ACCOUNT_PAGES", Dialer = "DIALER", }

    /// Which log.
    pub enum LogType {
        Access = "AccessLog",
        UserActivity = "UserActivityLog",
        UserCallPlay = "UserCallPlay",
        ExternallySharedCallAccess = "ExternallySharedCallAccess",
        ExternallySharedCallPlay = "ExternallySharedCallPlay",
    }

    /// The time that a question or a brief is about.
    pub enum TimePeriod {
        Last7Days = "LAST_7DAYS",
        Last30Days = "LAST_30DAYS",
        Last90Days = "LAST_90DAYS",
        Last90DaysSinceLastActivity = "LAST_90_DAYS_SINCE_LAST_ACTIVITY",
        LastYearSinceLastActivity = "LAST_YEAR_SINCE_LAST_ACTIVITY",
        LastYear = "LAST_YEAR",
        ThisWeek = "THIS_WEEK",
        ThisMonth = "THIS_MONTH",
        ThisYear = "THIS_YEAR",
        ThisQuarter = "THIS_QUARTER",
        Custom = "CUSTOM_RANGE",
        AllConversations = "ALL_CONVERSATIONS",
    }
}
