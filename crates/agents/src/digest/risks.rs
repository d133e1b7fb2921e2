//! Pushback that recurs, risks that are new, and calls worth hearing.

use std::collections::{BTreeMap, HashMap, HashSet};

use calls::CallId;
use calls::reading::{Competitor, Handling, Moment, Pushback, PushbackKind, Reading, Stance};
use snowflake_store::CallDetail;

use super::gather::ReadCall;
use super::model::{NewRisk, RecurringPushback, WorthHearing};
use crate::analysis::{deal_context, label, read_claim};
use crate::conversation::Conversation;
use crate::insights::is_open;
use crate::{CallLink, Claim, Result, prose};

const WORDS: usize = 24;

/// Risks and examples of a list.
const MOST_RISKS: usize = 15;
const EXAMPLES: usize = 3;

/// Calls worth hearing, and how many of one rep.
const MOST_CALLS: usize = 5;
const OF_ONE_REP: usize = 2;

/// Pushback less severe than this is a remark.
const SEVERE: u8 = 2;

/// A call of the period that was read.
struct Spoken<'c> {
    call: &'c ReadCall,
    reading: &'c Reading,
    detail: &'c CallDetail,
}

fn spoken<'c>(
    calls: &'c [ReadCall],
    details: &'c HashMap<CallId, CallDetail>,
) -> impl Iterator<Item = Spoken<'c>> {
    let in_period = calls.iter().filter(|call| call.is_in_period);
    in_period.filter_map(|call| {
        Some(Spoken {
            reading: call.reading.as_ref()?,
            detail: details.get(&call.header.id)?,
            call,
        })
    })
}

impl Spoken<'_> {
    /// A call without a deal stands for one.
    fn deal_key(&self) -> String {
        let header = &self.call.header;
        match &header.deal_id {
            Some(deal) => format!("deal {deal}"),
            None => format!("call {}", header.id),
        }
    }

    fn risk(
        &self,
        kind: &str,
        text: String,
        sure: f64,
        cited: &[usize],
    ) -> Result<Option<NewRisk>> {
        let conversation = Conversation::of(self.detail)?;
        let claim = read_claim(&conversation, kind, text, sure, cited)?;
        let deal = deal_context(self.detail);
        Ok(claim.map(|claim| NewRisk {
            call: CallLink::from(&self.call.header),
            deal: deal.map(|deal| deal.name.unwrap_or_else(|| deal.id.to_string())),
            claim,
        }))
    }

    fn pushback(&self, one: &Pushback) -> Result<Option<NewRisk>> {
        let what = prose::shortened(&one.what, WORDS);
        let text = format!("{}: “{what}”", label(one.kind));
        self.risk(
            one.kind.as_str(),
            text,
            one.confidence.value,
            &one.sentences,
        )
    }
}

fn weight(one: &Pushback) -> f64 {
    f64::from(one.severity) * one.confidence.value
}

/// Kinds that were heard in several deals, those in most deals first.
pub(super) fn recurring(
    calls: &[ReadCall],
    details: &HashMap<CallId, CallDetail>,
) -> Result<Vec<RecurringPushback>> {
    let mut kinds: BTreeMap<PushbackKind, Vec<(Spoken<'_>, &Pushback)>> = BTreeMap::new();
    for call in spoken(calls, details) {
        for one in &call.reading.pushback {
            let Spoken {
                call,
                reading,
                detail,
            } = call;
            let heard = Spoken {
                call,
                reading,
                detail,
            };
            kinds.entry(one.kind).or_default().push((heard, one));
        }
    }
    let mut recurring = Vec::new();
    for (kind, mut heard) in kinds {
        let calls: HashSet<&CallId> = heard.iter().map(|(call, _)| &call.call.header.id).collect();
        let calls = calls.len();
        let deals: HashSet<String> = heard.iter().map(|(call, _)| call.deal_key()).collect();
        if deals.len() < 2 {
            continue;
        }
        heard.sort_by(|(_, left), (_, right)| weight(right).total_cmp(&weight(left)));
        let mut examples = Vec::new();
        let mut shown = HashSet::new();
        for (call, one) in &heard {
            if examples.len() < EXAMPLES && shown.insert(call.deal_key()) {
                examples.extend(call.pushback(one)?);
            }
        }
        recurring.push(RecurringPushback {
            kind,
            label: label(kind),
            calls,
            deals: deals.len(),
            open: heard
                .iter()
                .filter(|(_, one)| is_open(one.handling))
                .count(),
            examples,
        });
    }
    recurring.sort_by_key(|one| std::cmp::Reverse((one.deals, one.open, one.calls)));
    Ok(recurring)
}

/// What stands in the way and was not heard on earlier calls of the deal, the worst first.
pub(super) fn new_risks(
    calls: &[ReadCall],
    details: &HashMap<CallId, CallDetail>,
) -> Result<Vec<NewRisk>> {
    let mut risks: Vec<(f64, NewRisk)> = Vec::new();
    for call in spoken(calls, details) {
        let earlier: Vec<&Reading> = earlier(calls, call.call).collect();
        let had = |kind: PushbackKind| {
            let mut heard = earlier.iter().flat_map(|reading| &reading.pushback);
            heard.any(|one| one.kind == kind)
        };
        let stands =
            |one: &&Pushback| is_open(one.handling) && one.severity >= SEVERE && !had(one.kind);
        for one in call.reading.pushback.iter().filter(stands) {
            risks.extend(call.pushback(one)?.map(|risk| (weight(one), risk)));
        }
        let knew = |name: &str| {
            let mut named = earlier.iter().flat_map(|reading| &reading.competitors);
            named.any(|one| one.name.eq_ignore_ascii_case(name))
        };
        let is_rival = |one: &&Competitor| one.stance == Stance::Evaluating && !knew(&one.name);
        for one in call.reading.competitors.iter().filter(is_rival) {
            let who = match one.name.as_str() {
                Competitor::UNNAMED => "another vendor",
                name => name,
            };
            let text = format!("The customer is also evaluating {who}.");
            let sure = one.confidence.value;
            let risk = call.risk("competitor", text, sure, &one.sentences)?;
            risks.extend(risk.map(|risk| (f64::from(SEVERE) * sure, risk)));
        }
    }
    risks.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    risks.truncate(MOST_RISKS);
    Ok(risks.into_iter().map(|(_, risk)| risk).collect())
}

fn earlier<'c>(calls: &'c [ReadCall], call: &'c ReadCall) -> impl Iterator<Item = &'c Reading> {
    let same_deal = calls.iter().filter(|other| {
        let deal = &call.header.deal_id;
        deal.is_some()
            && other.header.deal_id == *deal
            && other.header.started < call.header.started
    });
    same_deal.filter_map(|other| other.reading.as_ref())
}

/// Calls with a moment that others can learn from, or that somebody should know of.
pub(super) fn worth_hearing(
    calls: &[ReadCall],
    details: &HashMap<CallId, CallDetail>,
) -> Result<Vec<WorthHearing>> {
    let mut picks: Vec<(f64, WorthHearing)> = Vec::new();
    for call in spoken(calls, details) {
        let Some((worth, claim)) = reason(&call)? else {
            continue;
        };
        let pick = WorthHearing {
            call: CallLink::from(&call.call.header),
            rep: call.call.header.rep.clone(),
            claim,
        };
        picks.push((worth, pick));
    }
    picks.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    let mut shown: Vec<WorthHearing> = Vec::new();
    for (_, pick) in picks {
        let of_rep = shown.iter().filter(|one| one.rep == pick.rep).count();
        if of_rep < OF_ONE_REP && shown.len() < MOST_CALLS {
            shown.push(pick);
        }
    }
    Ok(shown)
}

/// The best reason to hear a call, and how good it is.
fn reason(call: &Spoken<'_>) -> Result<Option<(f64, Claim)>> {
    let worst = |wanted: &dyn Fn(Handling) -> bool| {
        let pushback = call
            .reading
            .pushback
            .iter()
            .filter(|one| wanted(one.handling));
        pushback.max_by(|left, right| weight(left).total_cmp(&weight(right)))
    };
    let settled = worst(&|handling| handling == Handling::Resolved);
    let harmed = worst(&|handling| handling == Handling::MadeWorse);
    let harmed = harmed.filter(|one| one.severity >= SEVERE);
    let good = |moment: &&Moment| moment.better.is_none() && !moment.sentences.is_empty();
    let good = call.reading.moments.iter().find(good);
    let about = |one: &Pushback, how: &str| {
        let what = prose::shortened(&one.what, WORDS);
        format!("{} {how}: “{what}”", label(one.kind))
    };
    let cited = |one: &Pushback| -> Vec<usize> {
        let said = one.sentences.iter().take(2);
        said.chain(one.handling_sentences.iter().take(2))
            .copied()
            .collect()
    };
    let (worth, kind, text, sure, sentences) = if let Some(one) = settled {
        let text = about(one, "was settled in the call");
        (
            1.0 + weight(one),
            "settled",
            text,
            one.confidence.value,
            cited(one),
        )
    } else if let Some(one) = harmed {
        let text = about(one, "was made worse by the answer");
        (
            0.9 + weight(one),
            "made_worse",
            text,
            one.confidence.value,
            cited(one),
        )
    } else if let Some(moment) = good {
        let text = prose::sentence(&moment.what);
        (1.0, "good_moment", text, 1.0, moment.sentences.clone())
    } else {
        return Ok(None);
    };
    let conversation = Conversation::of(call.detail)?;
    let claim = read_claim(&conversation, kind, text, sure, &sentences)?;
    Ok(claim.map(|claim| (worth, claim)))
}
