//! Calls in lists.

use calls::{DealId, DealOutcome, Timestamp};
use rusqlite::{Connection, Row, params};

use super::columns::{self, RepKey, decimal, optional_json};
use crate::sqlite::failure::JobResult;
use crate::sqlite::{instant, limit, statements};
use crate::{CallHeader, CallOrder, CallQuery, CoachingCall, Finding, Performance, Period, Rep};

pub(super) fn find(connection: &Connection, query: &CallQuery) -> JobResult<Vec<CallHeader>> {
    let period = query.period.unwrap_or(Period {
        from: Timestamp::MIN,
        to: Timestamp::MAX,
    });
    let (from, to) = (instant::text(period.from), instant::text(period.to));
    let deal = query.deal_id.as_ref().map(DealId::as_str);
    let limit = limit(query.limit);
    let oldest_first = query.order == CallOrder::OldestFirst;
    let reader = query.without_reading_of.as_ref();
    let (backend, model) = (
        reader.map(|reader| reader.backend.as_str()),
        reader.map(|reader| reader.model.as_str()),
    );
    let (without_insights, with_transcript) = (query.without_insights, query.with_transcript);
    if let Some(rep) = &query.rep {
        let rep = RepKey::from(rep);
        let mut statement = connection.prepare_cached(statements::FIND_CALLS_OF_REP)?;
        return headers(statement.query(params![
            from,
            to,
            deal,
            without_insights,
            with_transcript,
            limit,
            oldest_first,
            rep.id,
            rep.email,
            rep.name,
            backend,
            model
        ])?);
    }
    if deal.is_some() {
        let mut statement = connection.prepare_cached(statements::FIND_CALLS_OF_DEAL)?;
        return headers(statement.query(params![
            from,
            to,
            deal,
            without_insights,
            with_transcript,
            limit,
            oldest_first,
            backend,
            model
        ])?);
    }
    let mut statement = connection.prepare_cached(match query.order {
        CallOrder::NewestFirst => statements::FIND_CALLS_NEWEST_FIRST,
        CallOrder::OldestFirst => statements::FIND_CALLS_OLDEST_FIRST,
    })?;
    headers(statement.query(params![
        from,
        to,
        without_insights,
        with_transcript,
        limit,
        backend,
        model
    ])?)
}

fn headers(mut rows: rusqlite::Rows<'_>) -> JobResult<Vec<CallHeader>> {
    let mut headers = Vec::new();
    while let Some(row) = rows.next()? {
        headers.push(columns::header(row)?);
    }
    Ok(headers)
}

pub(super) fn for_coaching(
    connection: &Connection,
    rep: &Rep,
    period: Period,
    at_most: usize,
) -> JobResult<Vec<CoachingCall>> {
    let rep = RepKey::from(rep);
    let mut statement = connection.prepare_cached(statements::CALLS_FOR_COACHING)?;
    let mut rows = statement.query(params![
        rep.id,
        rep.email,
        rep.name,
        instant::text(period.from),
        instant::text(period.to),
        limit(at_most),
    ])?;
    let mut calls = Vec::new();
    while let Some(row) = rows.next()? {
        calls.push(coaching_call(row)?);
    }
    Ok(calls)
}

fn coaching_call(row: &Row<'_>) -> JobResult<CoachingCall> {
    let header = columns::header(row)?;
    let next_steps: Option<Vec<Finding>> = optional_json(row.get(20)?, "NEXT_STEPS")?;
    let has_insights: bool = row.get(21)?;
    let outcome = row
        .get::<_, Option<String>>(22)?
        .map(|text| columns::outcome(&text))
        .transpose()?;
    let amount = decimal(row.get(23)?, "AMOUNT")?;
    let is = |expected| u64::from(outcome == Some(expected));
    Ok(CoachingCall {
        figures: Performance {
            calls: 1,
            total_seconds: header.duration_seconds,
            talk_ratio: row.get(11)?,
            longest_monologue_seconds: row.get(12)?,
            longest_customer_story_seconds: row.get(13)?,
            interactivity: row.get(14)?,
            patience_seconds: row.get(15)?,
            question_rate: row.get(16)?,
            filler_rate: row.get(17)?,
            sentiment: header.sentiment.map(|sentiment| sentiment.score),
            next_step_share: next_steps
                .as_ref()
                .filter(|_| has_insights)
                .map(|steps| if steps.is_empty() { 0.0 } else { 1.0 }),
            deals_won: is(DealOutcome::Won),
            deals_lost: is(DealOutcome::Lost),
            deals_open: is(DealOutcome::Open),
            amount_won: amount.filter(|_| outcome == Some(DealOutcome::Won)),
        },
        summary: row.get(18)?,
        risks: optional_json(row.get(19)?, "RISK_INDICATORS")?,
        next_steps: next_steps.unwrap_or_default(),
        outcome,
        header,
    })
}
