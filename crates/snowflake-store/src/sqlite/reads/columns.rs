//! Columns that several reads share.

use calls::{DealId, DealOutcome, Sentiment, SentimentLabel, UserId};
use rusqlite::Row;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::sqlite::failure::{JobResult, unreadable};
use crate::sqlite::instant;
use crate::{CallHeader, Rep, RepIdentity};

/// Whose calls, as statements take it: ids as a JSON array, e-mail and name in lower case, two
/// of them null, all of them for everybody.
#[derive(Default)]
pub(super) struct RepKey {
    pub(super) ids: Option<String>,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
}

impl RepKey {
    pub(super) fn of(rep: &Rep) -> Self {
        let mut key = Self::default();
        match rep {
            Rep::Id(id) => key.ids = Some(json!([id]).to_string()),
            Rep::AnyOf(ids) => key.ids = Some(json!(ids).to_string()),
            Rep::Email(email) => key.email = Some(email.to_lowercase()),
            Rep::Name(name) => key.name = Some(name.to_lowercase()),
        }
        key
    }
}

/// A call in a list, from the first eleven columns.
pub(super) fn header(row: &Row<'_>) -> JobResult<CallHeader> {
    Ok(CallHeader {
        id: row.get::<_, String>(0)?.into(),
        title: row.get(1)?,
        started: instant::parse(&row.get::<_, String>(2)?, "CALL_DATETIME_UTC")?,
        duration_seconds: row.get::<_, i64>(3)?.unsigned_abs(),
        rep: RepIdentity {
            id: row.get::<_, Option<String>>(4)?.map(UserId::new),
            email: row.get(5)?,
            name: row.get(6)?,
        },
        deal_id: row.get::<_, Option<String>>(7)?.map(DealId::new),
        sentiment: sentiment(row.get(8)?, row.get(9)?)?,
        has_transcript: row.get(10)?,
    })
}

pub(super) fn sentiment(score: Option<f64>, label: Option<String>) -> JobResult<Option<Sentiment>> {
    let (Some(score), Some(label)) = (score, label) else {
        return Ok(None);
    };
    let label = SentimentLabel::parse(&label).ok_or_else(|| unreadable("SENTIMENT_LABEL"))?;
    Ok(Some(Sentiment { score, label }))
}

pub(super) fn outcome(text: &str) -> JobResult<DealOutcome> {
    DealOutcome::parse(text).ok_or_else(|| unreadable("OUTCOME"))
}

pub(super) fn decimal(text: Option<String>, column: &str) -> JobResult<Option<Decimal>> {
    text.map(|text| text.parse().map_err(|_| unreadable(column)))
        .transpose()
}

pub(super) fn json<T: DeserializeOwned>(text: &str, column: &str) -> JobResult<T> {
    serde_json::from_str(text).map_err(|_| unreadable(column))
}

/// As [`json`]; null is the type's default.
pub(super) fn optional_json<T: DeserializeOwned + Default>(
    text: Option<String>,
    column: &str,
) -> JobResult<T> {
    text.map_or_else(|| Ok(T::default()), |text| json(&text, column))
}
