//! Competitors: what they are called, and how the customer stands to them.

use std::collections::{BTreeMap, BTreeSet};

use calls::reading::{Competitor, Stance};

use super::context::{Context, sure};
use super::item::Item;
use super::sentence::{capitals, listed, normal, tokens};

/// Words with a capital that name nobody.
const NO_NAMES: &str = " monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december english german french american european europe ok okay ceo cfo cio cto it hr api sso erp crm pdf csv vat eu us uk usa roi sla gdpr nda po q1 q2 q3 q4 mr mrs ms dr excel god christmas easter monday's friday's ";

pub(super) fn competitors(context: &Context<'_>, items: Vec<Item>) -> Vec<Competitor> {
    let mut found: Vec<Competitor> = Vec::new();
    let people = people(context);
    for item in items {
        let names = names(context, &item);
        let (of_people, names): (BTreeMap<_, _>, BTreeMap<_, _>) = names
            .into_iter()
            .partition(|(name, _)| people.contains(&normal(name)));
        if names.is_empty() && !of_people.is_empty() {
            continue;
        }
        let mut by_count: Vec<(&String, &usize)> = names.iter().collect();
        by_count.sort_by(|left, right| right.1.cmp(left.1).then(left.0.cmp(right.0)));
        let name = by_count
            .first()
            .map_or(Competitor::UNNAMED, |(name, _)| name.as_str());
        let same = found
            .iter_mut()
            .find(|known| known.name == name && name != Competitor::UNNAMED);
        if let Some(known) = same {
            known.sentences.extend(&item.sentences);
            known.sentences.sort_unstable();
            known.sentences.dedup();
            if known.confidence.value < item.confidence {
                known.confidence = sure(item.confidence);
            }
            continue;
        }
        let stance = stance(context, &item);
        let mut competitor = Competitor::new(name, item.sentences, sure(item.confidence));
        competitor.said = by_count
            .iter()
            .map(|(name, _)| (*name).clone())
            .filter(|said| said == name)
            .collect();
        competitor.stance = stance;
        found.push(competitor);
    }
    found
}

/// Names in the item's sentences, with how often each is said in the whole call.
fn names(context: &Context<'_>, item: &Item) -> BTreeMap<String, usize> {
    let own = own_names(context);
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for at in &item.sentences {
        for name in capitals(&context.said[*at].text) {
            let plain = name.trim_end_matches("'s").trim_end_matches("\u{2019}s");
            let lower = plain.to_lowercase();
            let is_ours = own.contains(&lower) || listed(NO_NAMES, &lower);
            if !is_ours && plain.chars().count() > 2 {
                *names.entry(plain.to_owned()).or_default() += 1;
            }
        }
    }
    names
}

/// Words before the name of somebody who is greeted, told or asked.
const BEFORE_PEOPLE: &str = " ask asked tell told thanks thank hi hello bye morning cheers sorry call ring copy cc mister mr mrs ms doctor ";

/// Words after the name of somebody who says, thinks or signs.
const AFTER_PEOPLE: &str = " says said thinks thought reckons signs nodded laughed retires ";

/// Names, in lower case, that are spoken to anywhere in the call, or spoken of as people
/// are.
fn people(context: &Context<'_>) -> BTreeSet<String> {
    let mut people = BTreeSet::new();
    for one in context.said {
        let text = one.text.trim_end_matches(['.', '?', '!']);
        let spoken_to = [text.split_once(", "), text.rsplit_once(", ")];
        let [first, last] = spoken_to.map(|parts| parts.unwrap_or_default());
        people.extend([first.0, last.1].map(normal));
        for (at, token) in one.tokens.iter().enumerate() {
            let is_near =
                |word: Option<&String>, words| word.is_some_and(|word| listed(words, word));
            let before = at.checked_sub(1).and_then(|before| one.tokens.get(before));
            if is_near(before, BEFORE_PEOPLE) || is_near(one.tokens.get(at + 1), AFTER_PEOPLE) {
                people.insert(token.clone());
            }
        }
    }
    people
}

/// Words of the parties' names, addresses and of the title.
fn own_names(context: &Context<'_>) -> Vec<String> {
    let call = context.call;
    let mut own: Vec<String> = tokens(&call.title);
    for party in &call.parties {
        own.extend(
            party
                .name
                .to_lowercase()
                .split_whitespace()
                .map(str::to_owned),
        );
        own.extend(party.role.iter().flat_map(|role| tokens(role)));
        let domain = party
            .email
            .as_deref()
            .and_then(|email| email.split_once('@'));
        own.extend(domain.iter().flat_map(|(_, domain)| tokens(domain)));
    }
    if let Some(name) = call.deal.as_ref().and_then(|deal| deal.name.as_deref()) {
        own.extend(tokens(name));
    }
    own
}

fn stance(context: &Context<'_>, item: &Item) -> Stance {
    let any = |phrases: &[&str]| {
        item.sentences
            .iter()
            .any(|at| context.said[*at].says_any(phrases))
    };
    if any(&[
        "we use",
        "we're using",
        "we're on",
        "using",
        "currently",
        "at the moment",
        "we've got",
        "today we",
        "contract with",
        "our current",
        "on it now",
        "for years",
        "runs on",
    ]) {
        Stance::Using
    } else if any(&[
        "didn't",
        "wouldn't",
        "not going to",
        "ruled out",
        "left",
        "moved off",
        "got rid",
        "burned",
        "looked at it",
        "turned down",
        "won't",
        "dropped",
    ]) {
        Stance::Rejected
    } else if any(&[
        "looking at",
        "talking to",
        "demo",
        "quote",
        "offer",
        "trial",
        "proposal",
        "compare",
        "pitch",
        "comparing",
        "evaluating",
        "shortlist",
        "cheaper",
        "against",
    ]) {
        Stance::Evaluating
    } else {
        Stance::Mentioned
    }
}
