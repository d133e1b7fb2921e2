//! One call in full, from one reply.

use calls::{
    Affiliation, Call, CallId, Company, Contact, Deal, Direction, Media, Party, Provenance, Scope,
    Sentence, TopicShare, Transcript,
};
use serde::de::DeserializeOwned;
use snowflake_sql::{Row, Rows, Statement};

use super::columns::{amount, outcome, required_instant, sentiment};
use super::parts::{
    CallPart, CompanyPart, ContactPart, DealPart, ParticipantPart, ReadingPart, SentencePart,
    TopicPart,
};
use crate::model::crm::{DealAge, stage_at};
use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::statements;
use crate::{CallDetail, CallInsights, CallReading, CrmStanding, MatchReason, Result};

/// How often the statement takes the call's id.
const TIMES: usize = 8;

pub(super) fn statement(id: &CallId) -> Statement {
    statements::CALL_DETAIL
        .statement()
        .bind_all([id.as_str(); TIMES])
}

/// What a reply holds, part by part; rows of one kind come in their order.
#[derive(Default)]
struct Parts<'a> {
    call: Option<(CallPart, Row<'a>)>,
    sentences: Vec<Sentence>,
    sentiments: Vec<(u32, f64)>,
    parties: Vec<Party>,
    topics: Vec<TopicShare>,
    deals: Vec<(Deal, DealAge)>,
    company: Option<Company>,
    contacts: Vec<Contact>,
    readings: Vec<CallReading>,
}

pub(super) fn read(id: &CallId, rows: &Rows) -> Result<Option<CallDetail>> {
    let mut parts = Parts::default();
    for row in rows.iter() {
        parts.take(id, row)?;
    }
    let Some((call, row)) = parts.call.take() else {
        return Ok(None);
    };
    parts.detail(id, call, row).map(Some)
}

impl<'a> Parts<'a> {
    fn take(&mut self, id: &CallId, row: Row<'a>) -> Result<()> {
        match row.required_text("WHAT").map_err(of_sql)? {
            "call" => self.call = Some((content(row)?, row)),
            "sentence" => self.sentence(row)?,
            "participant" => self.parties.push(party(content(row)?)),
            "topic" => {
                let TopicPart { name, seconds } = content(row)?;
                self.topics.push(TopicShare {
                    name,
                    duration_seconds: seconds,
                });
            }
            "deal" => {
                let age = DealAge {
                    read_at: required_instant(row, "READ_AT")?,
                    as_of: required_instant(row, "AS_OF")?,
                };
                self.deals.push((deal(content(row)?, row)?, age));
            }
            "company" => self.company = Some(company(content(row)?)),
            "contact" => self.contacts.push(contact(content(row)?)),
            "reading" => self.readings.push(reading(id, content(row)?, row)?),
            _ => return Err(unreadable("WHAT")),
        }
        Ok(())
    }

    fn sentence(&mut self, row: Row<'_>) -> Result<()> {
        let part: SentencePart = content(row)?;
        let index = row.integer("POSITION").map_err(of_sql)?;
        let index = index
            .and_then(|index| u32::try_from(index).ok())
            .ok_or_else(|| unreadable("POSITION"))?;
        self.sentiments
            .extend(part.score.map(|score| (index, score)));
        self.sentences.push(Sentence {
            index,
            speaker_id: part.speaker.map(Into::into),
            topic: part.topic,
            start_ms: part.start,
            end_ms: part.end,
            text: part.text,
        });
        Ok(())
    }

    fn detail(mut self, id: &CallId, part: CallPart, row: Row<'_>) -> Result<CallDetail> {
        let own = self
            .deals
            .iter()
            .position(|(deal, _)| part.deal.as_deref() == Some(deal.id.as_str()));
        let own = own.map(|position| self.deals.remove(position));
        let reason = part
            .reason
            .as_deref()
            .map(|text| MatchReason::parse(text).ok_or_else(|| unreadable("CRM_MATCH_REASON")))
            .transpose()?;
        let started = required_instant(row, "FIRST_AT")?;
        let crm = CrmStanding {
            reason,
            deal_stage_at_call: part
                .deal_stage_at_call
                .clone()
                .or_else(|| stage_at(own.as_ref().map(|(deal, _)| deal), started)),
            deal_read_at: own.as_ref().map(|(_, age)| age.read_at),
            deal_as_of: own.as_ref().map(|(_, age)| age.as_of),
            further_deals: self.deals.into_iter().map(|(deal, _)| deal).collect(),
            other_systems: part.other_systems,
        };
        // Without a transcript there are no sentences, and a transcript may have none.
        let has_transcript = part.sentences.is_some();
        let transcript = has_transcript.then(|| Transcript::new(id.clone(), self.sentences));
        Ok(CallDetail {
            transcript,
            transcript_sha: part.transcript_sha.clone(),
            metrics: part.metrics.clone(),
            insights: insights(id, &part, self.sentiments)?,
            deal: own.map(|(deal, _)| deal),
            company: self.company,
            contacts: self.contacts,
            readings: self.readings,
            crm,
            decoding_notes: part.notes.clone(),
            call: call(id, part, row, self.parties, self.topics)?,
        })
    }
}

fn reading(id: &CallId, part: ReadingPart, row: Row<'_>) -> Result<CallReading> {
    Ok(CallReading {
        call_id: id.clone(),
        transcript_sha: part.sha,
        provenance: Provenance::new(part.backend, part.model),
        read_at: required_instant(row, "FIRST_AT")?,
        requests: part.requests,
        reading: part.reading,
    })
}

/// The part that a row holds.
fn content<T: DeserializeOwned>(row: Row<'_>) -> Result<T> {
    row.json("CONTENT")
        .map_err(of_sql)?
        .ok_or_else(|| unreadable("CONTENT"))
}

fn call(
    id: &CallId,
    part: CallPart,
    row: Row<'_>,
    parties: Vec<Party>,
    topics: Vec<TopicShare>,
) -> Result<Call> {
    let mut call = Call::new(id.clone(), required_instant(row, "FIRST_AT")?);
    call.title = part.title;
    call.scheduled = row.timestamp("SECOND_AT").map_err(of_sql)?;
    call.duration_seconds = part.duration_seconds;
    call.direction = Direction::parse(&part.direction);
    call.media = Media::parse(&part.media);
    call.scope = Scope::parse(&part.scope);
    call.system = part.system;
    call.language = part.language;
    call.url = part.url;
    call.workspace_id = part.workspace.map(Into::into);
    call.is_private = part.private;
    call.primary_user_id = part.user.map(Into::into);
    call.parties = parties;
    call.crm = part.crm;
    call.topics = topics;
    call.trackers = part.trackers;
    call.brief = part.brief;
    call.findings = part.findings.unwrap_or_default();
    Ok(call)
}

fn insights(
    id: &CallId,
    part: &CallPart,
    sentence_sentiments: Vec<(u32, f64)>,
) -> Result<Option<CallInsights>> {
    let (Some(backend), Some(model)) = (&part.backend, &part.model) else {
        return Ok(None);
    };
    Ok(Some(CallInsights {
        call_id: id.clone(),
        sentiment: sentiment(part.score, part.label.as_deref())?,
        summary: part.summary.clone(),
        key_topics: part.topics.clone(),
        risks: part.risks.clone(),
        next_steps: part.next_steps.clone(),
        transcript_sha: None,
        sentence_sentiments,
        chunks: Vec::new(),
        provenance: Provenance::new(backend, model),
    }))
}

fn party(part: ParticipantPart) -> Party {
    Party {
        id: part.id.map(Into::into),
        speaker_id: part.speaker.map(Into::into),
        user_id: part.user.map(Into::into),
        name: part.name,
        email: part.email,
        title: part.title,
        affiliation: Affiliation::parse(&part.affiliation),
        crm: part.crm,
    }
}

fn deal(part: DealPart, row: Row<'_>) -> Result<Deal> {
    let mut deal = Deal::new(part.id);
    deal.name = part.name;
    deal.amount = part.amount.as_deref().map(amount).transpose()?;
    deal.currency = part.currency;
    deal.pipeline_id = part.pipeline.map(Into::into);
    deal.stage_id = part.stage.map(Into::into);
    deal.stage_label = part.stage_label;
    deal.probability = part.probability;
    deal.close_date = row.timestamp("FIRST_AT").map_err(of_sql)?;
    deal.created = row.timestamp("SECOND_AT").map_err(of_sql)?;
    deal.owner_id = part.owner.map(Into::into);
    deal.owner_name = part.owner_name;
    deal.outcome = outcome(&part.outcome)?;
    deal.contact_ids = part.contacts.into_iter().map(Into::into).collect();
    deal.company_ids = part.companies.into_iter().map(Into::into).collect();
    deal.stage_stays = part.stage_stays;
    Ok(deal)
}

fn company(part: CompanyPart) -> Company {
    Company {
        id: part.id.into(),
        name: part.name,
        domain: part.domain,
        industry: part.industry,
    }
}

fn contact(part: ContactPart) -> Contact {
    Contact {
        id: part.id.into(),
        email: part.email,
        name: part.name,
        title: part.title,
        company_id: part.company.map(Into::into),
    }
}
