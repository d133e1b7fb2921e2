//! Figures of a team, rep by rep.

use calls::{DealOutcome, Provenance};
use rust_decimal::Decimal;
use snowflake_sql::{Row, Statement};

use super::columns::{amount, bind_period, count, float, outcome, text};
use super::listing::rep;
use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::statements;
use crate::{Measured, Performance, Period, RepFigures, Result};

/// The sum of amounts, one a deal; `None` when there are none.
fn sum(amounts: &[String]) -> Result<Option<Decimal>> {
    amounts.iter().try_fold(None, |sum: Option<Decimal>, text| {
        let amount = amount(text)?;
        match sum {
            None => Ok(Some(amount)),
            Some(sum) => sum
                .checked_add(amount)
                .map(Some)
                .ok_or_else(|| unreadable("AMOUNT")),
        }
    })
}

/// The figures of every rep.
pub(super) fn of_team(period: Period, insights: Option<&Provenance>) -> Statement {
    let statement = statements::TEAM_FIGURES
        .statement()
        .bind(insights.is_none())
        .bind(insights.map(|by| by.backend.as_str()))
        .bind(insights.map(|by| by.model.as_str()));
    bind_period(statement, period)
}

/// One row of them.
pub(super) fn of_rep_and_outcome(row: Row<'_>) -> Result<RepFigures> {
    let outcome = text(row, "OUTCOME")?
        .map(|text| outcome(&text))
        .transpose()?;
    let deals = count(row, "DEALS")?;
    let deals_that = |are| if outcome == Some(are) { deals } else { 0 };
    let amounts: Vec<String> = row.json("AMOUNTS").map_err(of_sql)?.unwrap_or_default();
    Ok(RepFigures {
        rep: rep(row)?,
        outcome,
        figures: Performance {
            calls: count(row, "CALLS")?,
            total_seconds: count(row, "TOTAL_SECONDS")?,
            talk_ratio: float(row, "TALK_RATIO")?,
            longest_monologue_seconds: float(row, "LONGEST_MONOLOGUE_SECONDS")?,
            longest_customer_story_seconds: float(row, "LONGEST_CUSTOMER_STORY_SECONDS")?,
            interactivity: float(row, "INTERACTIVITY_SCORE")?,
            patience_seconds: float(row, "PATIENCE_SECONDS")?,
            question_rate: float(row, "QUESTION_RATE")?,
            filler_rate: float(row, "FILLER_RATE")?,
            sentiment: float(row, "SENTIMENT_SCORE")?,
            next_step_share: float(row, "NEXT_STEP")?,
            deals_won: deals_that(DealOutcome::Won),
            deals_lost: deals_that(DealOutcome::Lost),
            deals_open: deals_that(DealOutcome::Open),
            amount_won: sum(&amounts)?,
        },
        measured: Measured {
            talk_ratio: count(row, "TALK_RATIO_CALLS")?,
            longest_monologue_seconds: count(row, "LONGEST_MONOLOGUE_SECONDS_CALLS")?,
            longest_customer_story_seconds: count(row, "LONGEST_CUSTOMER_STORY_SECONDS_CALLS")?,
            interactivity: count(row, "INTERACTIVITY_SCORE_CALLS")?,
            patience_seconds: count(row, "PATIENCE_SECONDS_CALLS")?,
            question_rate: count(row, "QUESTION_RATE_CALLS")?,
            filler_rate: count(row, "FILLER_RATE_CALLS")?,
            sentiment: count(row, "SENTIMENT_SCORE_CALLS")?,
            next_step_share: count(row, "NEXT_STEP_CALLS")?,
        },
    })
}
