//! Audit logs. For callers that watch who did what.

use crate::draft::Paged;
use crate::group::operations;
use crate::wire::records;
use crate::wire::words::LogType;
use calls::{Timestamp, UserId};
use serde_json::Value;

operations! {
    /// Audit logs. Access is kept for 14 days, the rest longer.
    AuditLogs<'a> "audit_logs";

    /// The entries of a log from an instant on, until another or until now.
    read GET "/v2/logs" listLogs "api:logs:read"
    pub fn list(log: LogType, from: Timestamp, to: Option<Timestamp>) -> Paged<'a, LogEntry> {
        it => it
            .query("logType", log.as_str())
            .query("fromDateTime", from)
            .maybe("toDateTime", to)
            .paged("logEntries", |_| None)
    }
}

records! {
    /// An entry. Records of user activity hold whole requests, with tokens: treat them as secrets.
    pub struct LogEntry {
        "userId" user_id: Option<UserId>,
        "userEmailAddress" user_email_address: Option<String>,
        "userFullName" user_full_name: Option<String>,
        "impersonatorUserId" impersonator_user_id: Option<UserId>,
        "impersonatorEmailAddress" impersonator_email_address: Option<String>,
        "impersonatorFullName" impersonator_full_name: Option<String>,
        "impersonatorCompanyId" impersonator_company_id: Option<String>,
        "eventTime" event_time: Option<Timestamp>,
        "logRecord" log_record: Value,
    }
}
