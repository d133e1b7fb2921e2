//! One call in full.

use calls::{
    Affiliation, Call, CallId, Company, CompanyId, Contact, Deal, Direction, Media, Party,
    Provenance, Scope, Sentence, TopicShare, Transcript,
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::columns::{decimal, json, optional_json, outcome, sentiment};
use super::readings;
use crate::model::crm::{DealAge, stage_at};
use crate::sqlite::failure::{JobResult, unreadable};
use crate::sqlite::{instant, statements};
use crate::{CallDetail, CallInsights, CrmStanding, MatchReason};

pub(super) fn call(connection: &Connection, id: &CallId) -> JobResult<Option<CallDetail>> {
    let mut statement = connection.prepare_cached(statements::CALL)?;
    let mut rows = statement.query([id.as_str()])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let call = call_row(row, participants(connection, id)?, topics(connection, id)?)?;
    let has_transcript = row.get::<_, Option<i64>>(19)?.is_some();
    let (transcript, sentence_sentiments) = if has_transcript {
        let (transcript, sentiments) = sentences(connection, id)?;
        (Some(transcript), sentiments)
    } else {
        (None, Vec::new())
    };
    let metrics: Option<String> = row.get(20)?;
    let own_deal: Option<String> = row.get(14)?;
    let mut deals = deals(connection, id)?;
    let deal = deals
        .iter()
        .position(|(deal, _)| own_deal.as_deref() == Some(deal.id.as_str()))
        .map(|position| deals.remove(position));
    let crm = CrmStanding {
        reason: row
            .get::<_, Option<String>>(15)?
            .map(|text| MatchReason::parse(&text).ok_or_else(|| unreadable("CRM_MATCH_REASON")))
            .transpose()?,
        deal_stage_at_call: row
            .get::<_, Option<String>>(30)?
            .or_else(|| stage_at(deal.as_ref().map(|(deal, _)| deal), call.started)),
        deal_read_at: deal.as_ref().map(|(_, age)| age.read_at),
        deal_as_of: deal.as_ref().map(|(_, age)| age.as_of),
        further_deals: deals.into_iter().map(|(deal, _)| deal).collect(),
        other_systems: row.get(31)?,
    };
    Ok(Some(CallDetail {
        call,
        transcript,
        transcript_sha: row.get(33)?,
        metrics: metrics.map(|text| json(&text, "METRICS")).transpose()?,
        insights: insights(row, id, sentence_sentiments)?,
        deal: deal.map(|(deal, _)| deal),
        company: company(connection, id)?,
        contacts: contacts(connection, id)?,
        readings: readings::of_calls(connection, std::slice::from_ref(id), None)?,
        crm,
        decoding_notes: optional_json(row.get(32)?, "READING_NOTES")?,
    }))
}

fn call_row(row: &Row<'_>, parties: Vec<Party>, topics: Vec<TopicShare>) -> JobResult<Call> {
    let mut call = Call::new(
        row.get::<_, String>(0)?,
        instant::parse(&row.get::<_, String>(2)?, "CALL_DATETIME_UTC")?,
    );
    call.title = row.get(1)?;
    call.scheduled = instant::parse_optional(row.get(3)?, "SCHEDULED_DATETIME_UTC")?;
    call.duration_seconds = row.get::<_, i64>(4)?.unsigned_abs();
    call.direction = Direction::parse(&row.get::<_, String>(5)?);
    call.media = Media::parse(&row.get::<_, String>(6)?);
    call.scope = Scope::parse(&row.get::<_, String>(7)?);
    call.system = row.get(8)?;
    call.language = row.get(9)?;
    call.url = row.get(10)?;
    call.workspace_id = row.get::<_, Option<String>>(11)?.map(Into::into);
    call.is_private = row.get(12)?;
    call.primary_user_id = row.get::<_, Option<String>>(13)?.map(Into::into);
    call.parties = parties;
    call.crm = json(&row.get::<_, String>(16)?, "CRM_REFERENCES")?;
    call.topics = topics;
    call.trackers = json(&row.get::<_, String>(17)?, "TRACKERS")?;
    call.brief = row.get(18)?;
    call.findings = optional_json(row.get(34)?, "FINDINGS")?;
    Ok(call)
}

fn insights(
    row: &Row<'_>,
    id: &CallId,
    sentence_sentiments: Vec<(u32, f64)>,
) -> JobResult<Option<CallInsights>> {
    let (Some(backend), Some(model)) = (
        row.get::<_, Option<String>>(28)?,
        row.get::<_, Option<String>>(29)?,
    ) else {
        return Ok(None);
    };
    Ok(Some(CallInsights {
        call_id: id.clone(),
        sentiment: sentiment(row.get(21)?, row.get(22)?)?,
        summary: row.get(23)?,
        key_topics: optional_json(row.get(24)?, "KEY_TOPICS")?,
        transcript_sha: None,
        risks: optional_json(row.get(25)?, "RISK_INDICATORS")?,
        next_steps: optional_json(row.get(26)?, "NEXT_STEPS")?,
        sentence_sentiments,
        chunks: Vec::new(),
        provenance: Provenance::new(backend, model),
    }))
}

fn participants(connection: &Connection, id: &CallId) -> JobResult<Vec<Party>> {
    let mut statement = connection.prepare_cached(statements::PARTICIPANTS)?;
    let mut rows = statement.query([id.as_str()])?;
    let mut parties = Vec::new();
    while let Some(row) = rows.next()? {
        parties.push(Party {
            id: row.get::<_, Option<String>>(0)?.map(Into::into),
            speaker_id: row.get::<_, Option<String>>(1)?.map(Into::into),
            user_id: row.get::<_, Option<String>>(2)?.map(Into::into),
            name: row.get(3)?,
            email: row.get(4)?,
            title: row.get(5)?,
            affiliation: Affiliation::parse(&row.get::<_, String>(6)?),
            crm: json(&row.get::<_, String>(7)?, "CRM_REFERENCES")?,
        });
    }
    Ok(parties)
}

fn topics(connection: &Connection, id: &CallId) -> JobResult<Vec<TopicShare>> {
    let topics = connection
        .prepare_cached(statements::TOPICS)?
        .query_map([id.as_str()], |row| {
            Ok(TopicShare {
                name: row.get(0)?,
                duration_seconds: row.get(1)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(topics)
}

fn sentences(connection: &Connection, id: &CallId) -> JobResult<(Transcript, Vec<(u32, f64)>)> {
    let mut statement = connection.prepare_cached(statements::SENTENCES)?;
    let mut rows = statement.query([id.as_str()])?;
    let mut sentences = Vec::new();
    let mut sentiments = Vec::new();
    while let Some(row) = rows.next()? {
        let index = row.get(0)?;
        sentences.push(Sentence {
            index,
            speaker_id: row.get::<_, Option<String>>(1)?.map(Into::into),
            topic: row.get(2)?,
            start_ms: row.get(3)?,
            end_ms: row.get(4)?,
            text: row.get(5)?,
        });
        if let Some(score) = row.get(6)? {
            sentiments.push((index, score));
        }
    }
    let transcript = Transcript::new(id.clone(), sentences);
    Ok((transcript, sentiments))
}

/// The mirrored deals of a call, and how old each is.
fn deals(connection: &Connection, id: &CallId) -> JobResult<Vec<(Deal, DealAge)>> {
    let mut statement = connection.prepare_cached(statements::DEALS_OF_CALL)?;
    let mut rows = statement.query([id.as_str()])?;
    let mut deals = Vec::new();
    while let Some(row) = rows.next()? {
        let age = DealAge {
            read_at: instant::parse(&row.get::<_, String>(15)?, "READ_AT")?,
            as_of: instant::parse(&row.get::<_, String>(16)?, "AS_OF")?,
        };
        deals.push((deal(row)?, age));
    }
    Ok(deals)
}

fn deal(row: &Row<'_>) -> JobResult<Deal> {
    let mut deal = Deal::new(row.get::<_, String>(0)?);
    deal.name = row.get(1)?;
    deal.amount = decimal(row.get(2)?, "AMOUNT")?;
    deal.currency = row.get(3)?;
    deal.pipeline_id = row.get::<_, Option<String>>(4)?.map(Into::into);
    deal.stage_id = row.get::<_, Option<String>>(5)?.map(Into::into);
    deal.stage_label = row.get(6)?;
    deal.probability = row.get(7)?;
    deal.close_date = instant::parse_optional(row.get(8)?, "CLOSE_DATE")?;
    deal.created = instant::parse_optional(row.get(9)?, "CREATED_AT")?;
    deal.owner_id = row.get::<_, Option<String>>(10)?.map(Into::into);
    deal.owner_name = row.get(11)?;
    deal.outcome = outcome(&row.get::<_, String>(12)?)?;
    deal.contact_ids = json(&row.get::<_, String>(13)?, "CONTACT_IDS")?;
    deal.company_ids = json(&row.get::<_, String>(14)?, "COMPANY_IDS")?;
    deal.stage_stays = json(&row.get::<_, String>(17)?, "STAGE_STAYS")?;
    Ok(deal)
}

fn company(connection: &Connection, id: &CallId) -> JobResult<Option<Company>> {
    Ok(connection
        .prepare_cached(statements::COMPANY)?
        .query_row([id.as_str()], |row| {
            Ok(Company {
                id: CompanyId::new(row.get::<_, String>(0)?),
                name: row.get(1)?,
                domain: row.get(2)?,
                industry: row.get(3)?,
            })
        })
        .optional()?)
}

fn contacts(connection: &Connection, id: &CallId) -> JobResult<Vec<Contact>> {
    let contacts = connection
        .prepare_cached(statements::CONTACTS_OF_CALL)?
        .query_map([id.as_str()], |row| {
            Ok(Contact {
                id: row.get::<_, String>(0)?.into(),
                email: row.get(1)?,
                name: row.get(2)?,
                title: row.get(3)?,
                company_id: row.get::<_, Option<String>>(4)?.map(Into::into),
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(contacts)
}
