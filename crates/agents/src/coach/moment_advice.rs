//! Advice from moments: what the rep said, what the customer said next, a better line, and
//! how a colleague dealt with the same situation on a deal that was won.

use std::collections::BTreeMap;
use std::sync::Arc;

use calls::reading::{PushbackKind, Reading};
use calls::{CallId, DealOutcome};
use serde::Serialize;
use snowflake_store::{CallDetail, CallHeader, CallReader, Period, RepIdentity};

use super::better_lines::TO_CLOSE;
use super::call_link::CallLink;
use super::history::before;
use super::moments::{Happened, missed_pains, moments_of};
use super::peers::{lookup_of, name_of};
use super::quotes::Quotes;
use super::team_figures::TeamFigures;
use crate::conversation::{Conversation, Side};
use crate::targets::{CoachingSettings, MomentRule};
use crate::{Basis, Claim, Evidence, Result, prose};

/// Calls with readings without moments whose words are looked at for them.
const MOST_LOOKED_AT: usize = 8;

/// Places that one advice shows.
const PLACES: usize = 2;

/// Kinds of good moments that are named.
const MOST_TO_REPEAT: usize = 2;

/// Sentences of one voice that one place shows.
const SENTENCES: usize = 3;

/// Colleagues among whose calls on won deals an example is looked for, and how many calls
/// of each.
const MOST_WINNERS: usize = 3;
const CALLS_OF_A_WINNER: usize = 60;

/// What to practise, or to repeat, by moments of calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MomentAdvice {
    /// The kind of moment, such as `missed_pushback`.
    pub kind: String,
    /// Weight of the kind times the share of calls that have one; advice is ranked by it.
    pub weight: f64,
    /// Calls with such a moment.
    pub calls_with: usize,
    /// Calls that were read for moments.
    pub calls_read: usize,
    /// What to do and how often it happened, with the sentences of the places below.
    pub claim: Claim,
    /// Where it happened, newest first.
    pub places: Vec<MomentPlace>,
    /// How a colleague dealt with it on a deal that was won.
    pub example: Option<MomentExample>,
}

/// One place where it happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MomentPlace {
    /// The call.
    pub call: CallLink,
    /// What happened, in the words of who read the call.
    pub what: String,
    /// What the customer had said.
    pub customer_said: Vec<Evidence>,
    /// What the rep said; empty when they said nothing to it.
    pub rep_said: Vec<Evidence>,
    /// What the customer said next; empty at the end of a call.
    pub customer_said_next: Vec<Evidence>,
    /// A better line; `None` where it was good.
    pub better: Option<String>,
}

/// How a colleague dealt with the same situation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MomentExample {
    /// The colleague.
    pub rep: RepIdentity,
    /// Whether it is pushback of the same kind, and not only the same kind of moment.
    pub is_same_pushback: bool,
    /// What they did, with the sentences.
    pub claim: Claim,
    /// Where.
    pub place: MomentPlace,
}

/// A call with what was read of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadCall<'a> {
    pub(crate) header: &'a CallHeader,
    pub(crate) reading: &'a Reading,
}

/// Advice from moments, in two lists: to change and to repeat.
#[derive(Debug, Default)]
pub(crate) struct FromMoments {
    pub(crate) to_change: Vec<MomentAdvice>,
    /// The moment that each advice to change shows first.
    firsts: Vec<Happened>,
    pub(crate) to_repeat: Vec<MomentAdvice>,
}

struct Found<'a> {
    call: ReadCall<'a>,
    happened: Happened,
}

/// Groups moments by kind and shows where they happened. `calls` are newest first; `sure` is
/// how far so many of them are to be trusted.
pub(crate) async fn advise(
    quotes: &mut Quotes<'_>,
    calls: &[ReadCall<'_>],
    settings: &CoachingSettings,
    sure: f64,
) -> Result<FromMoments> {
    let mut by_kind: BTreeMap<String, (MomentRule, Vec<Found<'_>>)> = BTreeMap::new();
    let mut looked_at = 0;
    for call in calls {
        let mut all = moments_of(call.reading);
        if call.reading.moments.is_empty() && looked_at < MOST_LOOKED_AT {
            looked_at += 1;
            if let Some(detail) = quotes.detail(&call.header.id).await? {
                all.extend(missed_pains(call.reading, &Conversation::of(&detail)?));
            }
        }
        for happened in all {
            let rule = settings.moments.of(&happened.moment);
            let kind = happened.moment.kind.clone();
            let (_, found) = by_kind.entry(kind).or_insert((rule, Vec::new()));
            found.push(Found {
                call: *call,
                happened,
            });
        }
    }
    let mut ranked: Vec<Ranked<'_>> = by_kind
        .into_iter()
        .map(|(kind, (rule, found))| ranked(kind, rule, found, calls.len()))
        .filter(|one| one.weight > 0.0)
        .collect();
    ranked.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| a.kind.cmp(&b.kind))
    });
    let mut advice = FromMoments::default();
    for one in ranked {
        let is_good = one.rule.is_good;
        let is_full = match is_good {
            true => advice.to_repeat.len() >= MOST_TO_REPEAT,
            false => advice.to_change.len() >= settings.most_recommendations,
        };
        if is_full {
            continue;
        }
        match shown(quotes, one, calls.len(), sure).await? {
            Some((to_repeat, _)) if is_good => advice.to_repeat.push(to_repeat),
            Some((to_change, first)) => {
                advice.to_change.push(to_change);
                advice.firsts.push(first);
            }
            None => {}
        }
    }
    Ok(advice)
}

struct Ranked<'a> {
    kind: String,
    rule: MomentRule,
    weight: f64,
    calls_with: usize,
    found: Vec<Found<'a>>,
}

fn ranked(kind: String, rule: MomentRule, found: Vec<Found<'_>>, read: usize) -> Ranked<'_> {
    let mut with: Vec<&CallId> = found.iter().map(|one| &one.call.header.id).collect();
    with.dedup();
    let calls_with = with.len();
    Ranked {
        weight: rule.weight * calls_with as f64 / read.max(1) as f64,
        kind,
        rule,
        calls_with,
        found,
    }
}

/// The advice, and the moment that it shows first.
async fn shown(
    quotes: &mut Quotes<'_>,
    ranked: Ranked<'_>,
    calls_read: usize,
    sure: f64,
) -> Result<Option<(MomentAdvice, Happened)>> {
    let mut places: Vec<MomentPlace> = Vec::new();
    let mut first_shown: Option<&Happened> = None;
    for found in &ranked.found {
        if places.len() == PLACES {
            break;
        }
        let Some(detail) = quotes.detail(&found.call.header.id).await? else {
            continue;
        };
        if let Some(place) = place(quotes, &detail, found.call.header, &found.happened)? {
            first_shown.get_or_insert(&found.happened);
            places.push(place);
        }
    }
    let evidence: Vec<Evidence> = places.iter().flat_map(sentences_of).cloned().collect();
    let first = places.first().filter(|_| !evidence.is_empty());
    let Some((first, happened)) = first.zip(first_shown.cloned()) else {
        return Ok(None);
    };
    let to_do = match ranked.rule.practise.as_str() {
        "" => first.what.clone(),
        practise => practise.to_owned(),
    };
    let text = format!(
        "{} In {} of {}.",
        to_do,
        ranked.calls_with,
        prose::count(calls_read, "call")
    );
    let claim = Claim::new(&ranked.kind, text, Basis::Quote, evidence)?.with_confidence(sure);
    let advice = MomentAdvice {
        kind: ranked.kind,
        weight: ranked.weight,
        calls_with: ranked.calls_with,
        calls_read,
        claim,
        places,
        example: None,
    };
    Ok(Some((advice, happened)))
}

fn sentences_of(place: &MomentPlace) -> impl Iterator<Item = &Evidence> {
    let said = place.customer_said.iter().chain(&place.rep_said);
    said.chain(&place.customer_said_next)
}

/// Shows a moment by what no other advice shows; `None` when nothing is left of what the rep
/// said, or of the customer where the rep said nothing.
fn place(
    quotes: &mut Quotes<'_>,
    detail: &Arc<CallDetail>,
    header: &CallHeader,
    happened: &Happened,
) -> Result<Option<MomentPlace>> {
    let conversation = Conversation::of(detail)?;
    let moment = &happened.moment;
    let mut cited = conversation.cite_read(&moment.sentences, moment.sentences.len());
    if cited.is_empty() {
        cited = conversation.closing(SENTENCES);
    }
    let (rep, others): (Vec<Evidence>, Vec<Evidence>) = cited
        .into_iter()
        .partition(|said| conversation.side(said.index()) == Side::Rep);
    let first_of_rep = rep.first().map(Evidence::start_ms);
    let last_of_rep = rep.last().map_or(i64::MAX, Evidence::start_ms);
    let customer_said = first(
        others
            .iter()
            .filter(|said| first_of_rep.is_none_or(|first| said.start_ms() < first)),
    );
    let mut customer_said_next = first(others.iter().filter(|said| said.start_ms() > last_of_rep));
    let last = rep.iter().chain(&others).map(Evidence::index).max();
    if customer_said_next.is_empty()
        && let Some(last) = last
    {
        let next = conversation.customer_after(last);
        customer_said_next = conversation.cite(next.into_iter().take(2));
    }
    let free = |said: Vec<Evidence>| -> Vec<Evidence> {
        let free = said.into_iter().filter(|one| quotes.is_free(one));
        free.collect()
    };
    let place = MomentPlace {
        call: CallLink::from(header),
        what: moment.what.clone(),
        customer_said: free(customer_said),
        rep_said: first(free(rep.clone()).iter()),
        customer_said_next: free(customer_said_next),
        better: moment.better.clone().or_else(|| {
            let closes = moment.kind == "no_next_step";
            closes.then(|| TO_CLOSE.to_owned())
        }),
    };
    let is_left = match rep.is_empty() {
        true => sentences_of(&place).next().is_some(),
        false => !place.rep_said.is_empty(),
    };
    if !is_left {
        return Ok(None);
    }
    quotes.use_up(sentences_of(&place));
    Ok(Some(place))
}

fn first<'e>(said: impl Iterator<Item = &'e Evidence>) -> Vec<Evidence> {
    said.take(SENTENCES).cloned().collect()
}

/// Among whom an example is looked for, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Colleagues<'a> {
    pub(crate) store: &'a dyn CallReader,
    pub(crate) rep: &'a RepIdentity,
    pub(crate) period: Period,
    pub(crate) team: &'a TeamFigures,
}

/// Adds to each advice how a colleague dealt with the same situation on a won deal.
pub(crate) async fn add_examples(
    quotes: &mut Quotes<'_>,
    colleagues: Colleagues<'_>,
    settings: &CoachingSettings,
    advice: &mut FromMoments,
) -> Result<()> {
    let Colleagues {
        store,
        rep,
        period,
        team,
    } = colleagues;
    if advice.to_change.is_empty() {
        return Ok(());
    }
    // Deals are won some time after their calls.
    let period = Period {
        from: before(period).from,
        ..period
    };
    let colleagues = team.winners.iter().filter(|row| !row.is_of(rep));
    let mut calls: Vec<CallHeader> = Vec::new();
    for colleague in colleagues.take(MOST_WINNERS) {
        let Some(lookup) = lookup_of(&colleague.rep) else {
            continue;
        };
        let of_colleague = store
            .calls_for_coaching(Some(&lookup), period, CALLS_OF_A_WINNER)
            .await?;
        let won = of_colleague.into_iter();
        let won = won.filter(|call| call.outcome == Some(DealOutcome::Won));
        calls.extend(won.map(|call| call.header));
    }
    let ids: Vec<CallId> = calls.iter().map(|call| call.id.clone()).collect();
    let readings = store.readings(&ids, quotes.reader).await?;
    let mut good: Vec<(&CallHeader, Happened)> = Vec::new();
    for header in &calls {
        let reading = readings.iter().find(|one| one.call_id == header.id);
        let happened = reading.into_iter().flat_map(|one| moments_of(&one.reading));
        good.extend(happened.map(|one| (header, one)));
    }
    for (one, happened) in advice.to_change.iter_mut().zip(&advice.firsts) {
        let rule = settings.moments.of(&happened.moment);
        one.example = example(quotes, &good, &rule, happened.pushback).await?;
    }
    Ok(())
}

async fn example(
    quotes: &mut Quotes<'_>,
    good: &[(&CallHeader, Happened)],
    rule: &MomentRule,
    pushback: Option<PushbackKind>,
) -> Result<Option<MomentExample>> {
    let is_same = |one: &Happened| pushback.is_some() && one.pushback == pushback;
    let mut fitting: Vec<&(&CallHeader, Happened)> = good
        .iter()
        .filter(|(_, one)| rule.shown_by.contains(&one.moment.kind))
        .collect();
    fitting.sort_by_key(|(_, one)| !is_same(one));
    for (header, happened) in fitting {
        let Some(detail) = quotes.detail(&header.id).await? else {
            continue;
        };
        let Some(place) = place(quotes, &detail, header, happened)? else {
            continue;
        };
        let evidence: Vec<Evidence> = sentences_of(&place).cloned().collect();
        let text = format!(
            "{}, on a deal that was won: {}",
            name_of(&header.rep),
            place.what
        );
        return Ok(Some(MomentExample {
            rep: header.rep.clone(),
            is_same_pushback: is_same(happened),
            claim: Claim::new("example", text, Basis::Quote, evidence)?,
            place,
        }));
    }
    Ok(None)
}
