//! Instants as SQLite's columns hold them.

use calls::Timestamp;

use super::failure::{JobResult, unreadable};
pub(crate) use crate::instant::{days_before, stamp, text};

/// Reads what [`text`] or [`stamp`] wrote.
pub(crate) fn parse(text: &str, column: &str) -> JobResult<Timestamp> {
    text.parse().map_err(|_| unreadable(column))
}

/// As [`parse`], for columns that may be null.
pub(crate) fn parse_optional(text: Option<String>, column: &str) -> JobResult<Option<Timestamp>> {
    text.map(|text| parse(&text, column)).transpose()
}
