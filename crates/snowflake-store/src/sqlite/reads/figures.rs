//! Figures over calls: a rep's, and how they are spread over a team.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use rust_decimal::Decimal;

use super::columns::{RepKey, json};
use crate::sqlite::failure::{JobResult, unreadable};
use crate::sqlite::{instant, statements};
use crate::{Benchmark, Performance, Period, Rep, Spread, statistics};

pub(super) fn of_rep(connection: &Connection, rep: &Rep, period: Period) -> JobResult<Performance> {
    let rep = RepKey::from(rep);
    let mut statement = connection.prepare_cached(statements::REP_PERFORMANCE)?;
    let mut rows = statement.query(params![
        rep.id,
        rep.email,
        rep.name,
        instant::text(period.from),
        instant::text(period.to),
    ])?;
    let Some(row) = rows.next()? else {
        return Ok(Performance::default());
    };
    let count = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let amounts: Option<String> = row.get(14)?;
    Ok(Performance {
        calls: count(0)?,
        total_seconds: count(1)?,
        talk_ratio: row.get(2)?,
        longest_monologue_seconds: row.get(3)?,
        longest_customer_story_seconds: row.get(4)?,
        interactivity: row.get(5)?,
        patience_seconds: row.get(6)?,
        question_rate: row.get(7)?,
        filler_rate: row.get(8)?,
        sentiment: row.get(9)?,
        next_step_share: row.get(10)?,
        deals_won: count(11)?,
        deals_lost: count(12)?,
        deals_open: count(13)?,
        amount_won: amounts.map(|amounts| sum(&amounts)).transpose()?.flatten(),
    })
}

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

pub(super) fn of_team(connection: &Connection, period: Period) -> JobResult<Benchmark> {
    const FIGURES: usize = 9;
    let mut statement = connection.prepare_cached(statements::TEAM_PERFORMANCE)?;
    let mut rows = statement.query(params![
        instant::text(period.from),
        instant::text(period.to)
    ])?;
    let mut benchmark = Benchmark::default();
    let mut figures: [Vec<f64>; FIGURES] = Default::default();
    while let Some(row) = rows.next()? {
        benchmark.reps += 1;
        benchmark.calls += row.get::<_, i64>(0)?.unsigned_abs();
        for (column, values) in figures.iter_mut().enumerate() {
            values.extend(row.get::<_, Option<f64>>(column + 1)?);
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
    ]: [Option<Spread>; FIGURES] = figures.map(statistics::spread);
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
