//! Fields that several tasks share, and how they are read.

use calls::reading::CallType;
use calls::{DealId, DealOutcome};
use snowflake_store::{Period, Rep};

use super::{CallFilter, Field, FieldKind, Fields, TaskPeriod, missing};
use crate::{Error, ErrorCode, Result};

/// What one task may ask for at most.
pub(super) const MOST_CALLS: u64 = 500;
pub(super) const MOST_FOUND: u64 = 50;
const MOST_DAYS: u64 = 3_660;

/// A rep, by one of four fields.
pub(super) const REP: &[Field] = &[
    Field::new("rep", FieldKind::Id, "A rep by id, e-mail address or name."),
    Field::new("rep_id", FieldKind::Id, "A rep by Gong's user id."),
    Field::new("rep_email", FieldKind::Text, "A rep by e-mail address."),
    Field::new("rep_name", FieldKind::Text, "A rep by name."),
];

/// A team, by its manager.
pub(super) const TEAM: &[Field] = &[Field::new(
    "team",
    FieldKind::Id,
    "The reps who report to this manager, at any depth, as Gong's users say: by name, e-mail address or Gong's user id.",
)];

/// A period: `from` and perhaps `to`, or `days`.
pub(super) const PERIOD: &[Field] = &[
    Field::new(
        "from",
        FieldKind::Time,
        "Calls from this day or instant on (2026-01-31, or with an offset).",
    ),
    Field::new(
        "to",
        FieldKind::Time,
        "Calls to this day, which is included, or before this instant; now when not given.",
    ),
    Field::number(
        "days",
        (1, MOST_DAYS),
        None,
        "Calls of this many days back from now, in place of from and to.",
    ),
];

/// Which calls, besides [`REP`], [`TEAM`] and [`PERIOD`].
pub(super) const FILTERS: &[Field] = &[
    Field::new(
        "account",
        FieldKind::Text,
        "Calls with this company, by name or domain.",
    ),
    Field::new(
        "participant",
        FieldKind::Text,
        "Calls with somebody, by e-mail address.",
    ),
    Field::new("deal_id", FieldKind::Id, "Calls of this deal."),
    Field::new(
        "deal_stage",
        FieldKind::Text,
        "Calls of a deal that is in this stage now, by its label or id.",
    ),
    Field::new(
        "outcome",
        FieldKind::Choice(&["won", "lost", "open", "unknown"]),
        "Calls of a deal that stands so in the CRM.",
    ),
    Field::new(
        "call_type",
        FieldKind::Choice(&[
            "discovery",
            "demo",
            "technical",
            "proposal",
            "pricing",
            "negotiation",
            "renewal",
            "business_review",
            "cold",
            "follow_up",
            "kickoff",
            "internal",
            "not_sales",
        ]),
        "Calls of this type, by a reading.",
    ),
    Field::new(
        "words",
        FieldKind::Text,
        "Calls that hold all of these words in the title or in a passage.",
    ),
];

/// Reads [`REP`], [`TEAM`], [`PERIOD`] and [`FILTERS`].
pub(super) fn filter(fields: &mut Fields) -> Result<CallFilter> {
    let outcome = fields.choice("outcome")?;
    let call_type = fields.choice("call_type")?;
    let (rep, team) = rep_or_team(fields)?;
    Ok(CallFilter {
        rep,
        team,
        period: period(fields)?,
        account: fields.text("account")?,
        participant: fields.text("participant")?,
        deal_id: fields.id("deal_id")?.map(DealId::new),
        deal_stage: fields.text("deal_stage")?,
        outcome: outcome.and_then(DealOutcome::parse),
        call_type: call_type.and_then(CallType::parse),
        words: fields.text("words")?,
    })
}

pub(super) fn rep(fields: &mut Fields) -> Result<Option<Rep>> {
    Ok(named_rep(fields)?.map(|(_, rep)| rep))
}

/// A rep, and the field that names it.
pub(super) fn named_rep(fields: &mut Fields) -> Result<Option<(&'static str, Rep)>> {
    let named = [
        ("rep_id", fields.id("rep_id")?.map(|id| Rep::Id(id.into()))),
        ("rep_email", fields.text("rep_email")?.map(Rep::Email)),
        ("rep_name", fields.text("rep_name")?.map(Rep::Name)),
        ("rep", fields.id("rep")?.map(any_rep)),
    ];
    let mut given = named
        .into_iter()
        .filter_map(|(field, rep)| Some((field, rep?)));
    let first = given.next();
    if let (Some((first, _)), Some((second, _))) = (&first, given.next()) {
        return Err(not_both(second, first));
    }
    Ok(first)
}

pub(super) fn team(fields: &mut Fields) -> Result<Option<String>> {
    fields.id("team")
}

/// Whose calls, where one of the two says it all.
pub(super) fn rep_or_team(fields: &mut Fields) -> Result<(Option<Rep>, Option<String>)> {
    match (named_rep(fields)?, team(fields)?) {
        (Some((field, _)), Some(_)) => Err(not_both("team", field)),
        (rep, team) => Ok((rep.map(|(_, rep)| rep), team)),
    }
}

/// `rep` takes an id, an address or a name: ids of Gong are digits, and only
/// addresses have an `@`.
fn any_rep(text: String) -> Rep {
    if text.contains('@') {
        Rep::Email(text)
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Rep::Id(text.into())
    } else {
        Rep::Name(text)
    }
}

pub(super) fn period(fields: &mut Fields) -> Result<Option<TaskPeriod>> {
    let from = fields.time("from", false)?;
    let to = fields.time("to", true)?;
    let days = fields.given_number("days")?;
    match (from, to, days) {
        (None, None, None) => Ok(None),
        (None, None, Some(days)) => Ok(Some(TaskPeriod::Days(days as u32))),
        (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => Err(not_both("days", "from and to")),
        (Some(from), None, None) => Ok(Some(TaskPeriod::Since(from))),
        (None, Some(_), None) => Err(missing("from")),
        (Some(from), Some(to), None) if from >= to => {
            Err(Error::new(ErrorCode::InvalidValue, "is not after from").with_field("to"))
        }
        (Some(from), Some(to), None) => Ok(Some(TaskPeriod::Between(Period { from, to }))),
    }
}

/// The period, or the days that stand for it.
pub(super) fn period_or_default(fields: &mut Fields) -> Result<TaskPeriod> {
    Ok(period(fields)?.unwrap_or(TaskPeriod::Days(crate::DEFAULT_DAYS)))
}

pub(super) fn not_both(field: &str, other: &str) -> Error {
    Error::new(
        ErrorCode::InvalidValue,
        format!("cannot be given together with {other}"),
    )
    .with_field(field)
}
