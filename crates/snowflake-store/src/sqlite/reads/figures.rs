//! Figures of a team, rep by rep.

use std::collections::BTreeMap;

use calls::{DealOutcome, Provenance, UserId};
use rusqlite::{Connection, Row, params};
use rust_decimal::Decimal;

use super::columns::{self, json};
use crate::sqlite::failure::{JobResult, unreadable};
use crate::sqlite::{instant, statements};
use crate::{Measured, Performance, Period, RepFigures, RepIdentity};

/// The sum of amounts by deal id; a deal that several calls refer to counts once.
fn sum(amounts: &str) -> JobResult<Option<Decimal>> {
    let by_deal: BTreeMap<String, Decimal> = json(amounts, "AMOUNT")?;
    by_deal
        .into_values()
        .try_fold(None, |sum: Option<Decimal>, amount| match sum {
            None => Some(Some(amount)),
            Some(sum) => sum.checked_add(amount).map(Some),
        })
        .ok_or_else(|| unreadable("AMOUNT"))
}

pub(super) fn of_team(
    connection: &Connection,
    period: Period,
    insights: Option<&Provenance>,
) -> JobResult<Vec<RepFigures>> {
    let mut statement = connection.prepare_cached(statements::TEAM_FIGURES)?;
    let mut rows = statement.query(params![
        instant::text(period.from),
        instant::text(period.to),
        insights.map(|by| by.backend.as_str()),
        insights.map(|by| by.model.as_str()),
    ])?;
    let mut figures = Vec::new();
    while let Some(row) = rows.next()? {
        figures.push(rep_figures(row)?);
    }
    Ok(figures)
}

fn rep_figures(row: &Row<'_>) -> JobResult<RepFigures> {
    let count = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let outcome = row
        .get::<_, Option<String>>(3)?
        .map(|text| columns::outcome(&text))
        .transpose()?;
    let deals = count(24)?;
    let deals_that = |are| if outcome == Some(are) { deals } else { 0 };
    let amounts: Option<String> = row.get(25)?;
    Ok(RepFigures {
        rep: RepIdentity {
            id: row.get::<_, Option<String>>(0)?.map(UserId::new),
            email: row.get(1)?,
            name: row.get(2)?,
        },
        outcome,
        figures: Performance {
            calls: count(4)?,
            total_seconds: count(5)?,
            talk_ratio: row.get(6)?,
            longest_monologue_seconds: row.get(8)?,
            longest_customer_story_seconds: row.get(10)?,
            interactivity: row.get(12)?,
            patience_seconds: row.get(14)?,
            question_rate: row.get(16)?,
            filler_rate: row.get(18)?,
            sentiment: row.get(20)?,
            next_step_share: row.get(22)?,
            deals_won: deals_that(DealOutcome::Won),
            deals_lost: deals_that(DealOutcome::Lost),
            deals_open: deals_that(DealOutcome::Open),
            amount_won: amounts.map(|amounts| sum(&amounts)).transpose()?.flatten(),
        },
        measured: Measured {
            talk_ratio: count(7)?,
            longest_monologue_seconds: count(9)?,
            longest_customer_story_seconds: count(11)?,
            interactivity: count(13)?,
            patience_seconds: count(15)?,
            question_rate: count(17)?,
            filler_rate: count(19)?,
            sentiment: count(21)?,
            next_step_share: count(23)?,
        },
    })
}
