//! Cells and parts that several reads share.

use calls::{DealOutcome, Sentiment, SentimentLabel, Timestamp};
use rust_decimal::Decimal;
use serde_json::json;
use snowflake_sql::{Row, Statement};

use crate::snowflake::bounded_instant;
use crate::snowflake::failure::{of_sql, unreadable};
use crate::{Period, Rep, Result};

/// Binds whose calls, as statements take it: ids as a JSON array, e-mail and name in lower
/// case, two of them null.
pub(super) fn bind_rep(statement: Statement, rep: Option<&Rep>) -> Statement {
    let (mut ids, mut email, mut name) = (None, None, None);
    match rep {
        Some(Rep::Id(user)) => ids = Some(json!([user]).to_string()),
        Some(Rep::AnyOf(users)) => ids = Some(json!(users).to_string()),
        Some(Rep::Email(address)) => email = Some(address.to_lowercase()),
        Some(Rep::Name(full)) => name = Some(full.to_lowercase()),
        None => {}
    }
    statement.bind_all([ids, email, name])
}

/// Binds the two ends of a period.
pub(super) fn bind_period(statement: Statement, period: Period) -> Statement {
    statement
        .bind(bounded_instant(period.from))
        .bind(bounded_instant(period.to))
}

pub(super) fn text(row: Row<'_>, column: &str) -> Result<Option<String>> {
    Ok(row.text(column).map_err(of_sql)?.map(str::to_owned))
}

pub(super) fn required_text(row: Row<'_>, column: &str) -> Result<String> {
    Ok(row.required_text(column).map_err(of_sql)?.to_owned())
}

pub(super) fn required_instant(row: Row<'_>, column: &str) -> Result<Timestamp> {
    row.timestamp(column)
        .map_err(of_sql)?
        .ok_or_else(|| unreadable(column))
}

pub(super) fn float(row: Row<'_>, column: &str) -> Result<Option<f64>> {
    row.float(column).map_err(of_sql)
}

/// A count, of which there are no negative ones.
pub(super) fn count(row: Row<'_>, column: &str) -> Result<u64> {
    let count = row.integer(column).map_err(of_sql)?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

pub(super) fn flag(row: Row<'_>, column: &str) -> Result<bool> {
    Ok(row.boolean(column).map_err(of_sql)?.unwrap_or(false))
}

pub(super) fn sentiment(score: Option<f64>, label: Option<&str>) -> Result<Option<Sentiment>> {
    let (Some(score), Some(label)) = (score, label) else {
        return Ok(None);
    };
    let label = SentimentLabel::parse(label).ok_or_else(|| unreadable("SENTIMENT_LABEL"))?;
    Ok(Some(Sentiment { score, label }))
}

pub(super) fn outcome(text: &str) -> Result<DealOutcome> {
    DealOutcome::parse(text).ok_or_else(|| unreadable("OUTCOME"))
}

/// An amount in its shortest form: columns hold it with a fixed number of digits.
pub(super) fn amount(text: &str) -> Result<Decimal> {
    let amount: Decimal = text.parse().map_err(|_| unreadable("AMOUNT"))?;
    Ok(amount.normalize())
}
