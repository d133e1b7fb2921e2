//! Calls in lists.

use calls::reading::CallType;
use calls::{DealId, DealOutcome, Provenance, Timestamp, UserId};
use rusqlite::{Connection, Row, params};

use super::columns::{self, RepKey, decimal, optional_json};
use super::words;
use crate::sqlite::failure::JobResult;
use crate::sqlite::{instant, limit, statements};
use crate::{
    CallHeader, CallOrder, CallQuery, CitedItem, CoachingCall, Colleague, KnownName, MOST_NAMES,
    NameKind, Performance, Period, Rep, input,
};

pub(super) fn find(connection: &Connection, query: &CallQuery) -> JobResult<Vec<CallHeader>> {
    let period = query.period.unwrap_or(Period {
        from: Timestamp::MIN,
        to: Timestamp::MAX,
    });
    let reader = query.without_reading_of.as_ref();
    let rep = query.rep.as_ref().map(RepKey::of).unwrap_or_default();
    let account = query.account.as_deref().map(input::account);
    let words = query.words.as_deref().map(words::all_of);
    // Words without a letter are in no call.
    if words.as_ref().is_some_and(String::is_empty) {
        return Ok(Vec::new());
    }
    let is_looked_up = query.deal_id.is_some()
        || query.participant.is_some()
        || account.is_some()
        || words.is_some();
    let statement = match query.order {
        _ if is_looked_up => statements::FIND_CALLS_OF,
        _ if query.rep.is_some() => statements::FIND_CALLS_OF_REP,
        CallOrder::NewestFirst => statements::FIND_CALLS_NEWEST_FIRST,
        CallOrder::OldestFirst => statements::FIND_CALLS_OLDEST_FIRST,
    };
    let find = |by_gong_name: bool| -> JobResult<Vec<CallHeader>> {
        headers(connection.prepare_cached(statement)?.query(params![
            instant::text(period.from),
            instant::text(period.to),
            query.without_insights,
            query.with_transcript,
            reader.map(|reader| reader.backend.as_str()),
            reader.map(|reader| reader.model.as_str()),
            query.deal_stage.as_deref(),
            query.outcome.map(DealOutcome::as_str),
            query.call_type.map(CallType::as_str),
            query.order == CallOrder::OldestFirst,
            rep.ids,
            rep.email,
            rep.name,
            query.deal_id.as_ref().map(DealId::as_str),
            query.participant.as_deref(),
            account.as_ref().map(|account| account.name.as_str()),
            account.as_ref().map(|account| account.domain.as_str()),
            words.as_deref(),
            query.words.as_deref().map(input::title_words),
            by_gong_name,
            limit(query.limit),
        ])?)
    };
    let found = find(false)?;
    if found.is_empty() && account.is_some() {
        return find(true);
    }
    Ok(found)
}

pub(super) fn names(connection: &Connection, kind: NameKind) -> JobResult<Vec<KnownName>> {
    let mut statement = connection.prepare_cached(match kind {
        NameKind::Rep => statements::NAMES_OF_REPS,
        NameKind::Account => statements::NAMES_OF_ACCOUNTS,
        NameKind::Deal => statements::NAMES_OF_DEALS,
        NameKind::Stage => statements::NAMES_OF_STAGES,
    })?;
    let mut rows = statement.query([limit(MOST_NAMES)])?;
    let mut names = Vec::new();
    while let Some(row) = rows.next()? {
        names.push(KnownName {
            id: row.get(0)?,
            name: row.get(1)?,
        });
    }
    Ok(names)
}

pub(super) fn colleagues(connection: &Connection) -> JobResult<Vec<Colleague>> {
    let mut statement = connection.prepare_cached(statements::COLLEAGUES)?;
    let mut rows = statement.query([])?;
    let mut colleagues = Vec::new();
    while let Some(row) = rows.next()? {
        colleagues.push(Colleague {
            id: row.get::<_, String>(0)?.into(),
            email: row.get(1)?,
            name: row.get(2)?,
            manager_id: row.get::<_, Option<String>>(3)?.map(UserId::new),
        });
    }
    Ok(colleagues)
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
    rep: Option<&Rep>,
    period: Period,
    at_most: usize,
) -> JobResult<Vec<CoachingCall>> {
    let (from, to) = (instant::text(period.from), instant::text(period.to));
    let mut statement = connection.prepare_cached(match rep {
        Some(_) => statements::CALLS_FOR_COACHING,
        None => statements::CALLS_FOR_COACHING_OF_ALL,
    })?;
    let mut rows = match rep.map(RepKey::of) {
        Some(rep) => statement.query(params![
            rep.ids,
            rep.email,
            rep.name,
            from,
            to,
            limit(at_most)
        ])?,
        None => statement.query(params![from, to, limit(at_most)])?,
    };
    let mut calls = Vec::new();
    while let Some(row) = rows.next()? {
        calls.push(coaching_call(row)?);
    }
    Ok(calls)
}

fn coaching_call(row: &Row<'_>) -> JobResult<CoachingCall> {
    let header = columns::header(row)?;
    let next_steps: Option<Vec<CitedItem>> = optional_json(row.get(20)?, "NEXT_STEPS")?;
    let backend: Option<String> = row.get(21)?;
    let model: Option<String> = row.get(22)?;
    let insights_by = backend.map(|backend| Provenance::new(backend, model.unwrap_or_default()));
    let outcome = row
        .get::<_, Option<String>>(23)?
        .map(|text| columns::outcome(&text))
        .transpose()?;
    let amount = decimal(row.get(24)?, "AMOUNT")?;
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
                .filter(|_| insights_by.is_some())
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
        insights_by,
        header,
    })
}
