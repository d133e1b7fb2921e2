//! Calls in lists.

use calls::reading::CallType;
use calls::{DealId, DealOutcome, Provenance, Timestamp, UserId};
use serde::de::DeserializeOwned;
use snowflake_sql::{Bind, Row, Statement};

use super::columns::{
    amount, bind_period, bind_rep, count, flag, float, outcome, required_instant, required_text,
    sentiment, text,
};
use crate::snowflake::failure::of_sql;
use crate::snowflake::{json, limit, search_terms, statements};
use crate::{
    CallHeader, CallOrder, CallQuery, CitedItem, CoachingCall, Colleague, KnownName, MOST_NAMES,
    NameKind, Performance, Period, Rep, RepIdentity, Result, input,
};

/// The statement; `None` where nothing can be found.
pub(super) fn find(query: &CallQuery) -> Result<Option<Statement>> {
    let words = query.words.as_deref().map(search_terms::of_query);
    if query.limit == 0 || words.as_ref().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    let period = query.period.unwrap_or(Period {
        from: Timestamp::MIN,
        to: Timestamp::MAX,
    });
    let reader = query.without_reading_of.as_ref();
    let deal = query.deal_id.as_ref().map(DealId::as_str);
    let account = query.account.as_deref().map(input::account);
    let name = account.as_ref().map(|account| account.name.as_str());
    let domain = account.as_ref().map(|account| account.domain.as_str());
    let stage = query.deal_stage.as_deref();
    let outcome = query.outcome.map(DealOutcome::as_str);
    let statement = bind_period(statements::FIND_CALLS.statement(), period)
        .bind(query.without_insights)
        .bind(query.with_transcript)
        .bind(query.rep.is_some());
    let statement = bind_rep(statement, query.rep.as_ref())
        .bind(deal.is_some())
        .bind_all([deal; 3])
        .bind(reader.is_some())
        .bind(reader.map(|reader| reader.backend.as_str()))
        .bind(reader.map(|reader| reader.model.as_str()))
        .bind(query.participant.is_some())
        .bind(query.participant.as_deref())
        .bind(account.is_some())
        .bind_all([name, domain, domain, name])
        .bind(stage.is_some() || outcome.is_some())
        .bind_all([stage; 3])
        .bind_all([outcome; 2])
        .bind(query.call_type.is_some())
        .bind(query.call_type.map(CallType::as_str))
        .bind(words.is_some())
        .bind(words.map_or(Ok(Bind::Null), |words| barred(&words))?)
        .bind(query.words.as_deref().map(input::title_words))
        .bind(query.order == CallOrder::OldestFirst)
        .bind(limit(query.limit));
    Ok(Some(statement))
}

/// Words as `SEARCH_TERMS` has them.
fn barred(words: &[String]) -> Result<Bind> {
    let barred: Vec<String> = words.iter().map(|word| format!("|{word}|")).collect();
    json(&barred)
}

/// The names of a kind.
pub(super) fn names(kind: NameKind) -> Statement {
    let names = match kind {
        NameKind::Rep => statements::NAMES_OF_REPS,
        NameKind::Account => statements::NAMES_OF_ACCOUNTS,
        NameKind::Deal => statements::NAMES_OF_DEALS,
        NameKind::Stage => statements::NAMES_OF_STAGES,
    };
    names.statement().bind(limit(MOST_NAMES))
}

pub(super) fn name(row: Row<'_>) -> Result<KnownName> {
    Ok(KnownName {
        id: text(row, "ID")?,
        name: required_text(row, "NAME")?,
    })
}

pub(super) fn colleagues() -> Statement {
    statements::COLLEAGUES.statement()
}

pub(super) fn colleague(row: Row<'_>) -> Result<Colleague> {
    Ok(Colleague {
        id: required_text(row, "USER_ID")?.into(),
        email: text(row, "USER_EMAIL")?,
        name: text(row, "USER_NAME")?,
        manager_id: text(row, "MANAGER_ID")?.map(UserId::new),
    })
}

pub(super) fn for_coaching(rep: Option<&Rep>, period: Period, at_most: usize) -> Statement {
    let statement = statements::CALLS_FOR_COACHING.statement();
    let statement = bind_rep(statement.bind(rep.is_some()), rep);
    bind_period(statement, period).bind(limit(at_most))
}

pub(super) fn header(row: Row<'_>) -> Result<CallHeader> {
    let label = text(row, "SENTIMENT_LABEL")?;
    Ok(CallHeader {
        id: required_text(row, "CALL_ID")?.into(),
        title: text(row, "CALL_TITLE")?,
        started: required_instant(row, "CALL_DATETIME_UTC")?,
        duration_seconds: count(row, "CALL_DURATION_SECONDS")?,
        rep: rep(row)?,
        deal_id: text(row, "HUBSPOT_DEAL_ID")?.map(DealId::new),
        sentiment: sentiment(float(row, "SENTIMENT_SCORE")?, label.as_deref())?,
        has_transcript: flag(row, "HAS_TRANSCRIPT")?,
    })
}

/// Who hosted.
pub(super) fn rep(row: Row<'_>) -> Result<RepIdentity> {
    Ok(RepIdentity {
        id: text(row, "PRIMARY_USER_ID")?.map(UserId::new),
        email: text(row, "PRIMARY_USER_EMAIL")?,
        name: text(row, "PRIMARY_USER_NAME")?,
    })
}

pub(super) fn coaching_call(row: Row<'_>) -> Result<CoachingCall> {
    let header = header(row)?;
    let next_steps: Option<Vec<CitedItem>> = row.json("NEXT_STEPS").map_err(of_sql)?;
    let backend = text(row, "INSIGHTS_BACKEND")?;
    let model = text(row, "INSIGHTS_MODEL")?;
    let insights_by = backend.map(|backend| Provenance::new(backend, model.unwrap_or_default()));
    let outcome = text(row, "OUTCOME")?
        .map(|text| outcome(&text))
        .transpose()?;
    let amount = text(row, "AMOUNT")?.map(|text| amount(&text)).transpose()?;
    let is = |expected| u64::from(outcome == Some(expected));
    Ok(CoachingCall {
        figures: Performance {
            calls: 1,
            total_seconds: header.duration_seconds,
            talk_ratio: float(row, "TALK_RATIO")?,
            longest_monologue_seconds: float(row, "LONGEST_MONOLOGUE_SECONDS")?,
            longest_customer_story_seconds: float(row, "LONGEST_CUSTOMER_STORY_SECONDS")?,
            interactivity: float(row, "INTERACTIVITY_SCORE")?,
            patience_seconds: float(row, "PATIENCE_SECONDS")?,
            question_rate: float(row, "QUESTION_RATE")?,
            filler_rate: float(row, "FILLER_RATE")?,
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
        summary: text(row, "CALL_SUMMARY")?,
        risks: list(row, "RISK_INDICATORS")?,
        next_steps: next_steps.unwrap_or_default(),
        outcome,
        insights_by,
        header,
    })
}

fn list<T: DeserializeOwned>(row: Row<'_>, column: &str) -> Result<Vec<T>> {
    Ok(row.json(column).map_err(of_sql)?.unwrap_or_default())
}
