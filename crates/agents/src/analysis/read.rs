//! Claims out of a reading: what is next, what stands in the way, what else was said.

use calls::Party;
use calls::reading::{
    CallType, Competitor, Fact, Handling, NextStep, Owner, Pain, Part, Pushback, PushbackKind,
    Reading, Stance, StepStatus,
};

use crate::conversation::Conversation;
use crate::insights::{is_open, party_id};
use crate::{Basis, Claim, Figure, Result, prose};

/// Words of a quotation inside a statement; the evidence has all of them.
const QUOTED_WORDS: usize = 24;

/// Sentences that are cited of one item at most.
const CITED: usize = 4;

/// What is to happen after the call, in the order in which it was agreed.
pub(crate) fn next_steps(conversation: &Conversation<'_>, reading: &Reading) -> Result<Vec<Claim>> {
    let claims = reading.next_steps.iter().map(|step| {
        let text = step_text(conversation, step);
        let sure = step.confidence.value;
        claim(
            conversation,
            step.status.as_str(),
            text,
            sure,
            &conversation.quoted_first(&step.what, &step.sentences),
        )
    });
    claims.filter_map(Result::transpose).collect()
}

pub(crate) fn step_text(conversation: &Conversation<'_>, step: &NextStep) -> String {
    let who = owner_name(conversation, step.owner.as_ref());
    let due = match (step.due, &step.due_said) {
        (Some(due), _) => format!(" by {}", prose::day(due)),
        (None, Some(said)) => format!(" ({said})"),
        (None, None) => String::new(),
    };
    let status = match step.status {
        StepStatus::Agreed => "agreed",
        StepStatus::Promised => "promised",
        StepStatus::Offered => "offered, not taken up",
        StepStatus::Conditional => "on a condition",
        _ => step.status.as_str(),
    };
    let what = prose::shortened(&step.what, QUOTED_WORDS);
    format!("{who}{due}, {status}: “{what}”")
}

/// Who does a step, by name.
pub(crate) fn owner_name(conversation: &Conversation<'_>, owner: Option<&Owner>) -> String {
    let Some(owner) = owner else {
        return "Nobody named".to_owned();
    };
    let Owner::Party(id) = owner else {
        return "Both sides".to_owned();
    };
    let parties = conversation.call.parties.iter();
    let is_owner = |party: &&Party| party_id(party).as_ref() == Some(id);
    let mut owners = parties.filter(is_owner);
    owners
        .next()
        .and_then(Party::display_name)
        .unwrap_or("Somebody")
        .to_owned()
}

/// What stands in the way still, the worst first, then with whom we are compared.
pub(crate) fn risks(conversation: &Conversation<'_>, reading: &Reading) -> Result<Vec<Claim>> {
    let mut open: Vec<&Pushback> = reading.pushback.iter().collect();
    open.retain(|one| is_open(one.handling));
    let weight = |one: &Pushback| f64::from(one.severity) * one.confidence.value;
    open.sort_by(|left, right| weight(right).total_cmp(&weight(left)));
    let pushback = open.into_iter().map(|one| {
        let text = format!(
            "{}, {}: “{}”",
            label(one.kind),
            handled(one.handling),
            prose::shortened(&one.what, QUOTED_WORDS)
        );
        let mut sentences = conversation.quoted_first(&one.what, &one.sentences);
        sentences.extend(&one.handling_sentences);
        claim(
            conversation,
            one.kind.as_str(),
            text,
            one.confidence.value,
            &sentences,
        )
    });
    let competitors = reading.competitors.iter().map(|one| {
        let text = match one.name.as_str() {
            Competitor::UNNAMED => format!("Another vendor, unnamed: {}", stance(one.stance)),
            name => format!("{name}: {}", stance(one.stance)),
        };
        claim(
            conversation,
            "competitor",
            text,
            one.confidence.value,
            &one.sentences,
        )
    });
    let claims = pushback.chain(competitors);
    claims.filter_map(Result::transpose).collect()
}

/// What people call a kind of pushback.
pub(crate) fn label(kind: PushbackKind) -> String {
    prose::capitalised(&kind.label())
}

fn handled(handling: Handling) -> &'static str {
    match handling {
        Handling::Resolved => "settled",
        Handling::Addressed => "answered, still open",
        Handling::Dodged => "not met by the answer",
        Handling::Ignored => "not answered",
        Handling::MadeWorse => "made worse by the answer",
        Handling::NoneNeeded => "no answer needed",
        _ => "open",
    }
}

fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Using => "in use today",
        Stance::Evaluating => "also being evaluated",
        Stance::Rejected => "turned down",
        _ => "mentioned",
    }
}

/// The call ends without anything to follow; a claim only where that was looked for.
pub(crate) fn no_next_step(
    conversation: &Conversation<'_>,
    reading: &Reading,
) -> Result<Option<Claim>> {
    let is_missing = reading.was_read(Part::NextSteps)
        && reading.next_steps.is_empty()
        && reading.call_type.is_none_or(CallType::is_sales);
    if !is_missing {
        return Ok(None);
    }
    let evidence = conversation.closing(3);
    let text = "The call ends without an agreed next step.";
    let claim = Claim::new("no_next_step", text, Basis::Absence, evidence)?;
    Ok(Some(claim.with_confidence(0.6)))
}

/// What else was said that is worth knowing: of each kind the surest, and how many more
/// there are.
pub(crate) fn observations(
    conversation: &Conversation<'_>,
    reading: &Reading,
) -> Result<Vec<Claim>> {
    let facts = |facts: &[Fact]| -> Vec<Said> { facts.iter().map(Said::from).collect() };
    let kinds = [
        (
            "pain",
            "Pain",
            reading.pains.iter().map(Said::from).collect(),
        ),
        ("pricing", "Price", facts(&reading.pricing)),
        ("decision", "Decision", facts(&reading.decision)),
        ("timeline", "Timeline", facts(&reading.timeline)),
        ("praise", "Praise", facts(&reading.praise)),
        (
            "settled",
            "Settled in the call",
            reading
                .pushback
                .iter()
                .filter(|one| one.handling == Handling::Resolved)
                .map(Said::from)
                .collect(),
        ),
    ];
    let mut claims = Vec::new();
    for (kind, label, mut said) in kinds {
        said.sort_by(|left, right| right.sure.total_cmp(&left.sure));
        let Some(surest) = said.first() else { continue };
        let text = format!(
            "{label}: “{}”",
            prose::shortened(&surest.what, QUOTED_WORDS)
        );
        let sentences = conversation.quoted_first(&surest.what, &surest.sentences);
        let claim = claim(conversation, kind, text, surest.sure, &sentences)?;
        let mentions = Figure::new("mentions", said.len() as f64, "count");
        claims.extend(claim.map(|claim| claim.with_figure(mentions)));
    }
    Ok(claims)
}

/// An item of any kind.
struct Said {
    what: String,
    sure: f64,
    sentences: Vec<usize>,
}

macro_rules! said {
    ($($item:ty),*) => {$(
        impl From<&$item> for Said {
            fn from(item: &$item) -> Self {
                Self {
                    what: item.what.clone(),
                    sure: item.confidence.value,
                    sentences: item.sentences.clone(),
                }
            }
        }
    )*};
}
said!(Fact, Pain, Pushback);

/// A claim that cites sentences; `None` when none of them exists any more.
pub(crate) fn claim(
    conversation: &Conversation<'_>,
    kind: &str,
    text: String,
    sure: f64,
    sentences: &[usize],
) -> Result<Option<Claim>> {
    let evidence = conversation.cite_read(sentences, CITED);
    if evidence.is_empty() {
        return Ok(None);
    }
    let claim = Claim::new(kind, text, Basis::Quote, evidence)?;
    Ok(Some(claim.with_confidence(sure)))
}

/// Adds competitors that a request names and nobody read.
pub(crate) fn add_competitors(reading: &mut Reading, named: Vec<Competitor>) {
    for one in named {
        let is_known = reading.competitors.iter().any(|known| {
            let forms = known.said.iter().chain([&known.name]);
            forms
                .into_iter()
                .any(|form| form.eq_ignore_ascii_case(&one.name))
        });
        if !is_known {
            reading.competitors.push(one);
        }
    }
}
