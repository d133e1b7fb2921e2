//! Competitors: what they are called, what is said of each, and how the customer stands to
//! them.

use std::collections::BTreeSet;

use calls::reading::Competitor;

use super::classes::stances;
use super::context::{Context, sure};
use super::item::Item;
use super::rivals::{around, shown};
use super::sentence::Sentence;

/// So many sentences away from all who are named is somebody who is not.
const APART: usize = 3;

/// Those who are named, and of the items those of somebody who is not.
pub(super) fn competitors(context: &Context<'_>, items: Vec<Item>) -> Vec<Competitor> {
    let rivals = shown(context).into_iter();
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
    let stance = context.choices.stance(&stance_row(context, &sentences));
    let mut competitor = Competitor::new(name, sentences, sure(confidence));
    competitor.stance = stance;
    competitor
}

/// Columns of a row.
pub(super) fn columns() -> usize {
    2 * stances().len() + 6
}

/// What tells how the customer stands to it, of what is said of it and just before and
/// after. Twin of `stance_row` in
/// `training/reading/choices.py`.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Columns are 32 bits.
fn stance_row(context: &Context<'_>, sentences: &[usize]) -> Vec<f32> {
    let near = sentences
        .iter()
        .flat_map(|at| at.saturating_sub(1)..context.said.len().min(at + 2));
    let sentences = BTreeSet::from_iter(near);
    let said: Vec<&Sentence> = sentences.iter().map(|at| &context.said[*at]).collect();
    let mut phrases = [vec![0.0; stances().len()], vec![0.0; stances().len()]];
    for one in &said {
        let words: Vec<&str> = one.tokens.iter().map(String::as_str).collect();
        let of_side = &mut phrases[usize::from(one.is_rep)];
        for (sum, count) in of_side.iter_mut().zip(stances().counts(&words)) {
            // What is said more than twice says no more.
            *sum = (*sum + count).min(2.0);
        }
    }
    let flag = |is: bool| f32::from(u8::from(is));
    let all = said.len().max(1) as f32;
    let of_customer = said.iter().filter(|one| !one.is_rep).count();
    let asked = said.iter().filter(|one| one.is_rep && one.asks).count();
    let turns: BTreeSet<usize> = said.iter().map(|one| one.turn).collect();
    let first = sentences.first().copied().unwrap_or_default();
    let mut row = phrases.concat();
    row.extend([
        all.sqrt(),
        of_customer as f32 / all,
        first as f32 / context.said.len() as f32,
        turns.len() as f32,
        asked as f32,
        flag(said.first().is_some_and(|one| !one.is_rep)),
    ]);
    row
}
