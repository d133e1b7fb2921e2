//! Rows of the staging tables, as the statements take them.

use calls::{Call, CrmObjectKind, CrmReference, GongFindings, TrackerHit};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::gong_context::{self, GongContext, Kind, Link};
use crate::snowflake::search_terms;
use crate::staging::{self, Content, MeasuredTranscript, Prepared, TranscriptState};
use crate::{MatchReason, instant};

/// Which payloads a row was made from: it is not staged when others have landed since.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Origin<'a> {
    pub(super) id: &'a str,
    pub(super) call_sha: &'a str,
    pub(super) transcript_sha: Option<&'a str>,
}

impl<'a> Origin<'a> {
    pub(super) fn of(prepared: &'a Prepared) -> Self {
        Self {
            id: prepared.id.as_str(),
            call_sha: &prepared.call_sha,
            transcript_sha: prepared.transcript_sha.as_deref(),
        }
    }
}

/// A call with the figures of its conversation.
#[derive(Debug, Serialize)]
pub(super) struct CallRow<'a> {
    #[serde(flatten)]
    origin: Origin<'a>,
    title: Option<&'a str>,
    started: String,
    scheduled: Option<String>,
    seconds: u64,
    direction: &'static str,
    media: &'static str,
    scope: &'static str,
    system: Option<&'a str>,
    language: Option<&'a str>,
    url: Option<&'a str>,
    workspace: Option<&'a str>,
    private: bool,
    user: Option<&'a str>,
    email: Option<&'a str>,
    name: Option<&'a str>,
    email_folded: Option<String>,
    name_folded: Option<String>,
    deal: Option<&'a str>,
    contact: Option<&'a str>,
    company: Option<&'a str>,
    reason: Option<&'static str>,
    other_systems: u32,
    deal_name: Option<&'a str>,
    deal_stage: Option<&'a str>,
    deal_stage_at_call: Option<&'a str>,
    deal_amount: Option<String>,
    crm: &'a [CrmReference],
    trackers: &'a [TrackerHit],
    brief: Option<&'a str>,
    findings: Option<&'a GongFindings>,
    finding_terms: Option<String>,
    finding_term_count: Option<usize>,
    error: Option<&'a str>,
    measured: bool,
    sentences: Option<usize>,
    sentences_sha: Option<&'a str>,
    talk_ratio: Option<f64>,
    longest_monologue: Option<f64>,
    longest_customer_story: Option<f64>,
    interactivity: Option<f64>,
    patience: Option<f64>,
    questions: Option<u64>,
    question_rate: Option<f64>,
    filler_rate: Option<f64>,
    metrics: Option<&'a RawValue>,
    notes: Option<&'a [String]>,
}

impl<'a> CallRow<'a> {
    pub(super) fn of(origin: Origin<'a>, content: &'a Content, links: &'a LinksRow<'a>) -> Self {
        let Content {
            call,
            conversation,
            notes,
        } = content;
        let host = call.primary_party();
        let email = host.and_then(|party| party.email.as_deref());
        let name = host.and_then(|party| party.name.as_deref());
        let context = &links.context;
        let ready = match conversation {
            TranscriptState::Ready(conversation) => Some(conversation),
            _ => None,
        };
        let metrics = ready.map(|conversation| &conversation.metrics);
        let written = staging::findable(call.brief.as_deref(), &call.findings);
        let terms = (!written.is_empty()).then(|| search_terms::of_text(&written));
        let (finding_terms, finding_term_count) = terms.unzip();
        Self {
            origin,
            title: call.title.as_deref(),
            started: instant::text(call.started),
            scheduled: call.scheduled.map(instant::text),
            seconds: call.duration_seconds,
            direction: call.direction.as_str(),
            media: call.media.as_str(),
            scope: call.scope.as_str(),
            system: call.system.as_deref(),
            language: call.language.as_deref(),
            url: call.url.as_deref(),
            workspace: call.workspace_id.as_ref().map(AsRef::as_ref),
            private: call.is_private,
            user: call.primary_user_id.as_ref().map(AsRef::as_ref),
            email,
            name,
            email_folded: email.map(str::to_lowercase),
            name_folded: name.map(str::to_lowercase),
            deal: gong_context::first(&context.links, Kind::Deal),
            contact: gong_context::first(&context.links, Kind::Contact),
            company: gong_context::first(&context.links, Kind::Company),
            reason: (!context.links.is_empty()).then(|| MatchReason::GongContext.as_str()),
            other_systems: context.other_systems,
            deal_name: context.deal_now(|deal| deal.name.as_deref()),
            deal_stage: context.deal_now(|deal| deal.stage.as_deref()),
            deal_stage_at_call: context.stage_at_call(),
            deal_amount: context
                .deal_now(|deal| deal.amount)
                .map(|amount| amount.to_string()),
            crm: &call.crm,
            trackers: &call.trackers,
            brief: call.brief.as_deref(),
            findings: (!call.findings.is_empty()).then_some(&call.findings),
            finding_terms,
            finding_term_count,
            error: match conversation {
                TranscriptState::Unreadable(reason) => Some(reason),
                _ => None,
            },
            measured: !matches!(conversation, TranscriptState::Unreadable(_)),
            sentences: ready.map(|conversation| conversation.word_counts.len()),
            sentences_sha: ready.map(|conversation| conversation.sentences_sha.as_str()),
            talk_ratio: metrics.and_then(|metrics| metrics.talk_ratio),
            longest_monologue: metrics.and_then(|metrics| metrics.longest_monologue_seconds),
            longest_customer_story: metrics
                .and_then(|metrics| metrics.longest_customer_story_seconds),
            interactivity: metrics.and_then(|metrics| metrics.interactivity),
            patience: metrics.and_then(|metrics| metrics.patience_seconds),
            questions: metrics.map(|metrics| u64::from(metrics.questions_by_rep)),
            question_rate: metrics.and_then(|metrics| metrics.question_rate),
            filler_rate: metrics.and_then(|metrics| metrics.filler_rate),
            metrics: ready
                .and_then(|conversation| serde_json::from_str(&conversation.metrics_json).ok()),
            notes: (!notes.is_empty()).then_some(notes),
        }
    }
}

/// The people of a call.
#[derive(Debug, Serialize)]
pub(super) struct ParticipantsRow<'a> {
    #[serde(flatten)]
    origin: Origin<'a>,
    participants: Vec<Participant<'a>>,
}

#[derive(Debug, Serialize)]
struct Participant<'a> {
    id: Option<&'a str>,
    speaker: Option<&'a str>,
    user: Option<&'a str>,
    name: Option<&'a str>,
    email: Option<&'a str>,
    title: Option<&'a str>,
    affiliation: &'static str,
    contact: Option<&'a str>,
    crm: &'a [CrmReference],
}

impl<'a> ParticipantsRow<'a> {
    pub(super) fn of(origin: Origin<'a>, call: &'a Call) -> Self {
        let participants = call.parties.iter().map(|party| {
            let contact = party.crm.iter().find(|reference| {
                reference.kind == CrmObjectKind::Contact && gong_context::is_read(reference)
            });
            Participant {
                id: party.id.as_ref().map(AsRef::as_ref),
                speaker: party.speaker_id.as_ref().map(AsRef::as_ref),
                user: party.user_id.as_ref().map(AsRef::as_ref),
                name: party.name.as_deref(),
                email: party.email.as_deref(),
                title: party.title.as_deref(),
                affiliation: party.affiliation.as_str(),
                contact: contact.map(|contact| contact.id.as_str()),
                crm: &party.crm,
            }
        });
        Self {
            origin,
            participants: participants.collect(),
        }
    }
}

/// The topics of a call.
#[derive(Debug, Serialize)]
pub(super) struct TopicsRow<'a> {
    #[serde(flatten)]
    origin: Origin<'a>,
    topics: Vec<Topic<'a>>,
}

#[derive(Debug, Serialize)]
struct Topic<'a> {
    name: &'a str,
    seconds: f64,
}

impl<'a> TopicsRow<'a> {
    pub(super) fn of(origin: Origin<'a>, call: &'a Call) -> Self {
        let topics = call.topics.iter().map(|topic| Topic {
            name: &topic.name,
            seconds: topic.duration_seconds,
        });
        Self {
            origin,
            topics: topics.collect(),
        }
    }
}

/// The CRM records of a call; survivors are found by the statement.
#[derive(Debug, Serialize)]
pub(super) struct LinksRow<'a> {
    #[serde(flatten)]
    origin: Origin<'a>,
    links: Vec<LinkPart>,
    #[serde(skip)]
    context: GongContext<'a>,
}

#[derive(Debug, Serialize)]
struct LinkPart {
    kind: &'static str,
    id: String,
}

impl<'a> LinksRow<'a> {
    pub(super) fn of(origin: Origin<'a>, call: &'a Call) -> Self {
        let context = GongContext::of(call);
        let links = context.links.iter().map(|Link { kind, id }| LinkPart {
            kind: kind.as_str(),
            id: id.clone(),
        });
        Self {
            origin,
            links: links.collect(),
            context,
        }
    }
}

/// The sentences of a call.
#[derive(Debug, Serialize)]
pub(super) struct SentencesRow<'a> {
    #[serde(flatten)]
    origin: Origin<'a>,
    sentences_sha: &'a str,
    voices: Vec<VoicePart<'a>>,
    sentences: Vec<SentencePart<'a>>,
}

#[derive(Debug, Serialize)]
struct VoicePart<'a> {
    speaker: Option<&'a str>,
    name: Option<&'a str>,
    email: Option<&'a str>,
    r#type: &'static str,
}

#[derive(Debug, Serialize)]
struct SentencePart<'a> {
    voice: usize,
    index: u32,
    start: i64,
    end: i64,
    words: i64,
    topic: Option<&'a str>,
    text: &'a str,
}

impl<'a> SentencesRow<'a> {
    pub(super) fn of(origin: Origin<'a>, conversation: &'a MeasuredTranscript) -> Self {
        let voices = conversation.voices.iter().map(|voice| VoicePart {
            speaker: voice.speaker_id.as_ref().map(AsRef::as_ref),
            name: voice.name.as_deref(),
            email: voice.email.as_deref(),
            r#type: voice.affiliation.as_str(),
        });
        let of_each = conversation.voice_of.iter().zip(&conversation.word_counts);
        let sentences = conversation.transcript.sentences.iter().zip(of_each);
        let sentences = sentences.map(|(sentence, (voice, words))| SentencePart {
            voice: *voice,
            index: sentence.index,
            start: sentence.start_ms,
            end: sentence.end_ms,
            words: *words,
            topic: sentence.topic.as_deref(),
            text: &sentence.text,
        });
        Self {
            origin,
            sentences_sha: &conversation.sentences_sha,
            voices: voices.collect(),
            sentences: sentences.collect(),
        }
    }
}
