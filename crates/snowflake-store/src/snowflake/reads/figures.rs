//! Figures over calls: a rep's, and how they are spread over a team.

use rust_decimal::Decimal;
use serde::Serialize;
use snowflake_sql::{Row, Rows, Statement};

use super::columns::{amount, bind_period, bind_rep, count, float};
use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::{bounded_instant, json, statements};
use crate::{Benchmark, Performance, Period, Rep, Result, Spread, statistics};

#[derive(Serialize)]
struct Part {
    from: String,
    to: String,
}

/// A rep's figures in parts of a period.
pub(super) fn of_rep(rep: &Rep, parts: &[Period]) -> Result<Statement> {
    let parts: Vec<Part> = parts
        .iter()
        .map(|part| Part {
            from: bounded_instant(part.from),
            to: bounded_instant(part.to),
        })
        .collect();
    let statement = statements::REP_PERFORMANCE.statement().bind(json(&parts)?);
    Ok(bind_rep(statement, Some(rep)))
}

/// Figures by part, those without calls included.
pub(super) fn by_part(rows: &Rows, parts: usize) -> Result<Vec<Performance>> {
    let mut figures = vec![Performance::default(); parts];
    for row in rows.iter() {
        let part = usize::try_from(count(row, "PART")?).ok();
        let place = part.and_then(|part| figures.get_mut(part));
        *place.ok_or_else(|| unreadable("PART"))? = performance(row)?;
    }
    Ok(figures)
}

fn performance(row: Row<'_>) -> Result<Performance> {
    let amounts: Vec<String> = row.json("AMOUNTS").map_err(of_sql)?.unwrap_or_default();
    Ok(Performance {
        calls: count(row, "CALLS")?,
        total_seconds: count(row, "TOTAL_SECONDS")?,
        talk_ratio: float(row, "TALK_RATIO")?,
        longest_monologue_seconds: float(row, "LONGEST_MONOLOGUE_SECONDS")?,
        longest_customer_story_seconds: float(row, "LONGEST_CUSTOMER_STORY_SECONDS")?,
        interactivity: float(row, "INTERACTIVITY")?,
        patience_seconds: float(row, "PATIENCE_SECONDS")?,
        question_rate: float(row, "QUESTION_RATE")?,
        filler_rate: float(row, "FILLER_RATE")?,
        sentiment: float(row, "SENTIMENT")?,
        next_step_share: float(row, "NEXT_STEP_SHARE")?,
        deals_won: count(row, "DEALS_WON")?,
        deals_lost: count(row, "DEALS_LOST")?,
        deals_open: count(row, "DEALS_OPEN")?,
        amount_won: sum(&amounts)?,
    })
}

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
pub(super) fn of_team(period: Period) -> Statement {
    bind_period(statements::TEAM_PERFORMANCE.statement(), period)
}

/// How the reps' figures are spread.
pub(super) fn benchmark(rows: &Rows) -> Result<Benchmark> {
    const FIGURES: [&str; 9] = [
        "TALK_RATIO",
        "LONGEST_MONOLOGUE_SECONDS",
        "LONGEST_CUSTOMER_STORY_SECONDS",
        "INTERACTIVITY",
        "PATIENCE_SECONDS",
        "QUESTION_RATE",
        "FILLER_RATE",
        "SENTIMENT",
        "NEXT_STEP_SHARE",
    ];
    let mut benchmark = Benchmark::default();
    let mut figures: [Vec<f64>; FIGURES.len()] = Default::default();
    for row in rows.iter() {
        benchmark.reps += 1;
        benchmark.calls += count(row, "CALLS")?;
        for (column, values) in FIGURES.into_iter().zip(&mut figures) {
            values.extend(float(row, column)?);
        }
    }
    let [
        talk_ratio,
        longest_monologue_seconds,
        longest_customer_story_seconds,
        interactivity,
        patience_seconds,
        question_rate,
        filler_rate,
        sentiment,
        next_step_share,
    ]: [Option<Spread>; FIGURES.len()] = figures.map(statistics::spread);
    Ok(Benchmark {
        talk_ratio,
        longest_monologue_seconds,
        longest_customer_story_seconds,
        interactivity,
        patience_seconds,
        question_rate,
        filler_rate,
        sentiment,
        next_step_share,
        ..benchmark
    })
}
