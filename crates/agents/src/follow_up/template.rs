//! The mail without a model: what was agreed, promised and left open, as it was said.

use calls::reading::{NextStep, Owner, Pushback, Reading, StepStatus};
use calls::{Affiliation, Party};
use jiff::tz::TimeZone;

use super::model::{Draft, DraftSentence, Recipient, Section};
use super::shared_part::{SharedPart, unanswered, waits_for_answer};
use crate::analysis::read_claim;
use crate::conversation::Conversation;
use crate::insights::party_id;
use crate::{Basis, Claim, Result, prose};

/// Items of a section at most.
const MOST: usize = 8;

/// Words of an item in the mail.
const WORDS: usize = 40;

/// Words that say by themselves what is to happen.
const TELLING: usize = 8;

/// The mail of a call; `None` when nobody of the customer spoke.
///
/// `in_quotes` is for readings in the words of the call; a model reads in its own.
pub(super) fn draft(
    conversation: &Conversation<'_>,
    reading: &Reading,
    in_quotes: bool,
) -> Result<Option<Draft>> {
    let Some(shared) = SharedPart::of(conversation) else {
        return Ok(None);
    };
    let call = conversation.call;
    let customers = call.parties.iter().filter(|party| is_customer(party));
    let customers: Vec<&Party> = customers.collect();
    let to = customers.iter().filter_map(|party| {
        Some(Recipient {
            name: party.name.clone(),
            email: party.email.clone()?,
        })
    });
    let without_address = customers.iter().filter(|party| party.email.is_none());
    let without_address = without_address.filter_map(|party| party.name.clone());
    let started = TimeZone::UTC.to_datetime(call.started).date();
    let mut sentences = vec![
        frame(Section::Greeting, greeting(&customers)),
        frame(
            Section::Thanks,
            format!("Thank you for the call on {}.", prose::day(started)),
        ),
    ];
    for step in &reading.next_steps {
        if shared.all(&step.sentences) {
            let text = step_text(conversation, step, in_quotes);
            let sure = step.confidence.value;
            let claim = read_claim(conversation, "next_step", text, sure, &step.sentences)?;
            sentences.extend(claim.map(|claim| said(section(conversation, step), claim)));
        }
    }
    for claim in open(conversation, reading, &shared)? {
        sentences.push(said(Section::Open, claim));
    }
    sentences.push(frame(
        Section::Closing,
        "If I have something wrong or left something out, please tell me.".to_owned(),
    ));
    let host = call.primary_party().and_then(|party| party.name.clone());
    sentences.push(frame(Section::Closing, signature(host.as_deref())));
    sentences.sort_by_key(|sentence| sentence.section);
    let mut kept = [0; Section::ALL.len()];
    sentences.retain(|sentence| {
        let kept = kept.get_mut(sentence.section as usize);
        kept.is_some_and(|kept| {
            *kept += 1;
            *kept <= MOST
        })
    });
    let title = call.title.as_deref().unwrap_or("our call").trim();
    Ok(Some(Draft {
        to: to.collect(),
        without_address: without_address.collect(),
        subject: format!("Follow-up: {title}"),
        text: joined(&sentences),
        sentences,
        by_model: false,
    }))
}

/// The mail as one text.
pub(super) fn joined(sentences: &[DraftSentence]) -> String {
    let paragraphs = Section::ALL.into_iter().filter_map(|section| {
        let of_section = sentences.iter().filter(|one| one.section == section);
        let texts: Vec<&str> = of_section.map(|one| one.text.as_str()).collect();
        if texts.is_empty() {
            return None;
        }
        Some(match section.heading() {
            Some(heading) => format!("{heading}\n- {}", texts.join("\n- ")),
            None => texts.join("\n\n"),
        })
    });
    let paragraphs: Vec<String> = paragraphs.collect();
    paragraphs.join("\n\n")
}

fn is_customer(party: &Party) -> bool {
    party.affiliation == Affiliation::External
}

fn frame(section: Section, text: String) -> DraftSentence {
    DraftSentence {
        section,
        text,
        claims: Vec::new(),
    }
}

fn said(section: Section, claim: Claim) -> DraftSentence {
    DraftSentence {
        section,
        text: claim.text().to_owned(),
        claims: vec![claim],
    }
}

fn greeting(customers: &[&Party]) -> String {
    let names = customers.iter().filter_map(|party| party.name.as_deref());
    let firsts: Vec<&str> = names.filter_map(first_name).collect();
    match firsts.split_last() {
        None => "Hello,".to_owned(),
        Some((only, [])) => format!("Hello {only},"),
        Some((last, others)) => format!("Hello {} and {last},", others.join(", ")),
    }
}

fn signature(host: Option<&str>) -> String {
    match host {
        Some(host) => format!("Best regards\n{host}"),
        None => "Best regards".to_owned(),
    }
}

fn first_name(name: &str) -> Option<&str> {
    name.split_whitespace().next()
}

/// Which part of the mail a step belongs to.
fn section(conversation: &Conversation<'_>, step: &NextStep) -> Section {
    match (
        step.status,
        owner(conversation, step).map(|party| party.affiliation),
    ) {
        (StepStatus::Offered | StepStatus::Conditional, _) => Section::Open,
        (StepStatus::Promised, Some(Affiliation::Internal)) => Section::Ours,
        (StepStatus::Promised, Some(Affiliation::External)) => Section::Yours,
        _ => Section::Agreed,
    }
}

pub(super) fn owner<'c>(conversation: &Conversation<'c>, step: &NextStep) -> Option<&'c Party> {
    let Some(Owner::Party(id)) = &step.owner else {
        return None;
    };
    let mut parties = conversation.call.parties.iter();
    parties.find(|party| party_id(party).as_ref() == Some(id))
}

/// A step as the mail says it. Of a colleague it says the first name and never the address.
/// Of what hangs on something it says neither who nor when.
fn step_text(conversation: &Conversation<'_>, step: &NextStep, in_quotes: bool) -> String {
    let what = match in_quotes {
        true => quoted(conversation, step),
        false => prose::shortened(&step.what, WORDS),
    };
    if section(conversation, step) == Section::Open {
        return what;
    }
    let host = conversation.call.primary_party();
    let who = match owner(conversation, step) {
        Some(party) if Some(party) == host => Some("I".to_owned()),
        Some(party) => party
            .name
            .as_deref()
            .and_then(first_name)
            .map(str::to_owned),
        None if step.owner == Some(Owner::Both) => Some("We".to_owned()),
        None => None,
    };
    let due = match (step.due, &step.due_said) {
        (Some(due), _) => Some(format!("by {}", prose::day(due))),
        (None, Some(said)) => Some(said.clone()),
        (None, None) => None,
    };
    let about: Vec<String> = who.into_iter().chain(due).collect();
    match about.is_empty() {
        true => what,
        false => format!("{}: {what}", about.join(", ")),
    }
}

/// The words of a step, and where they are few ("Tuesday works") the longest sentence that
/// belongs to it before them.
fn quoted(conversation: &Conversation<'_>, step: &NextStep) -> String {
    let what = step.what.trim();
    let told = format!("“{}”", prose::shortened(what, WORDS));
    if what.split_whitespace().count() >= TELLING {
        return told;
    }
    let indices = step
        .sentences
        .iter()
        .filter_map(|at| u32::try_from(*at).ok());
    let others = indices.filter_map(|at| conversation.sentence(at));
    let longest = others.max_by_key(|sentence| sentence.word_count());
    let longest = longest.map(|sentence| sentence.text.trim());
    match longest.filter(|longest| longest.len() > what.len() && !longest.contains(what)) {
        Some(longest) => format!("“{}” {told}", prose::shortened(longest, WORDS)),
        None => told,
    }
}

/// Questions without an answer, and what the customer asked for and waits for.
fn open(
    conversation: &Conversation<'_>,
    reading: &Reading,
    shared: &SharedPart,
) -> Result<Vec<Claim>> {
    let mut claims = Vec::new();
    for cited in unanswered(conversation) {
        let is_shared = cited.iter().all(|at| shared.all(&[*at as usize]));
        let question = cited.first().and_then(|at| conversation.sentence(*at));
        if let Some(question) = question.filter(|_| is_shared) {
            let text = format!("“{}”", prose::shortened(question.text.trim(), WORDS));
            let evidence = conversation.cite(cited);
            claims.push(Claim::new("open_question", text, Basis::Quote, evidence)?);
        }
    }
    let asked = |one: &&Pushback| waits_for_answer(one) && shared.all(&one.sentences);
    for one in reading.pushback.iter().filter(asked) {
        let text = format!("You asked about: “{}”", prose::shortened(&one.what, WORDS));
        let sure = one.confidence.value;
        claims.extend(read_claim(
            conversation,
            "open_request",
            text,
            sure,
            &one.sentences,
        )?);
    }
    Ok(claims)
}
