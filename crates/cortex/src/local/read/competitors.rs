//! Competitors: what they are called, what is said of each, and how the customer stands to
//! them.

use std::collections::BTreeSet;

use calls::reading::{Competitor, Stance};

use super::context::{Context, sure};
use super::item::Item;
use super::rivals::around;

/// So many sentences away from all who are named is somebody who is not.
const APART: usize = 3;

/// Those who are named, and of the items those of somebody who is not.
pub(super) fn competitors(context: &Context<'_>, items: Vec<Item>) -> Vec<Competitor> {
    let rivals = context.choices.rivals.shown(context).into_iter();
    let mut found: Vec<Competitor> = rivals
        .map(|rival| {
            let name = rival.named.name().to_owned();
            let mut competitor = of(context, name, rival.sentences, rival.confidence);
            let forms = rival.named.forms.into_iter();
            competitor.said = forms.map(|form| form.text).collect();
            competitor
        })
        .collect();
    let named = found.iter().flat_map(|one| one.sentences.iter().copied());
    let named = BTreeSet::from_iter(named);
    let is_apart = |item: &Item| {
        let mut pairs = item
            .sentences
            .iter()
            .flat_map(|at| named.iter().map(|named| at.abs_diff(*named)));
        pairs.all(|distance| distance > APART)
    };
    let unnamed = items.into_iter().filter(is_apart).map(|item| {
        let sentences = around(context, &[item.best], &named);
        of(
            context,
            Competitor::UNNAMED.into(),
            sentences,
            item.confidence,
        )
    });
    found.extend(unnamed);
    found.sort_by_key(|one| one.sentences.first().copied());
    found
}

fn of(context: &Context<'_>, name: String, sentences: Vec<usize>, confidence: f64) -> Competitor {
    let stance = stance(context, &sentences);
    let mut competitor = Competitor::new(name, sentences, sure(confidence));
    competitor.stance = stance;
    competitor
}

fn stance(context: &Context<'_>, sentences: &[usize]) -> Stance {
    let any = |phrases: &[&str]| {
        sentences
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
