//! A question, a call, and the sentences that answer.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use calls::reading::{CallToRead, Reading};

use super::columns::Columns;
use super::numbers::Numbers;
use super::question::Question;
use super::talk::Talk;
use super::told::told;
use crate::Result;

const TABLE: &str = include_str!("../../data/asking.tsv");

/// What a chosen sentence takes from the next one and the one after it, on both sides: an
/// answer that is elsewhere is not crowded out.
const TAKEN_FROM_NEIGHBOURS: [f64; 2] = [0.3, 0.1];

/// Finds answers with learned numbers; cloning is cheap.
///
/// ```
/// use calls::reading::{CallToRead, ReadParty, ReadTurn, Side};
/// use cortex::answering::AnswerFinder;
///
/// let said = |who: &str, text: &str| ReadTurn::new(who.into(), vec![text.to_owned()]);
/// let mut call = CallToRead::new("1".into(), "2026-03-02T10:00:00Z".parse()?, vec![
///     said("rep", "How was your weekend?"),
///     said("buyer", "Above ten thousand Gavin, our finance director, has to sign."),
///     said("rep", "And the rollout?"),
///     said("buyer", "We want it live before the peak."),
/// ]);
/// call.parties.push(ReadParty::new("rep".into(), "Craig", Side::Rep));
/// call.parties.push(ReadParty::new("buyer".into(), "Magda", Side::Customer));
/// let finder = AnswerFinder::default();
/// let found = finder.ask(&call, None).find("Who signs this?", 3);
/// assert_eq!(found.sentences[0].0, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct AnswerFinder(Arc<Numbers>);

impl Default for AnswerFinder {
    /// With the numbers that the crate brings.
    fn default() -> Self {
        static SHIPPED: LazyLock<Arc<Numbers>> = LazyLock::new(|| {
            // A test reads the table; without it nothing would be found to be told.
            Arc::new(Numbers::parse(TABLE).unwrap_or_default())
        });
        Self(Arc::clone(&SHIPPED))
    }
}

impl AnswerFinder {
    /// With numbers of one's own, in the form of `data/asking.tsv`.
    ///
    /// # Errors
    /// `InvalidInput` on `table` when a line has another form.
    pub fn from_table(table: &str) -> Result<Self> {
        Ok(Self(Arc::new(Numbers::parse(table)?)))
    }

    /// Gets a call ready for questions. A reading of the same call helps: what it cites
    /// counts for questions of its kind.
    pub fn ask<'c>(&self, call: &'c CallToRead, reading: Option<&Reading>) -> Answering<'c> {
        Answering {
            numbers: Arc::clone(&self.0),
            call,
            talk: Talk::of(call, reading),
        }
    }
}

/// A call that is ready for questions.
#[derive(Debug)]
pub struct Answering<'c> {
    numbers: Arc<Numbers>,
    call: &'c CallToRead,
    talk: Talk,
}

/// What answers a question best.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// How likely the call answers the question at all, from 0 to 1: among the labelled
    /// questions that the numbers were learned from, as many answered as unanswered ones
    /// taken.
    pub told: f64,
    /// Sentences by number with their scores, best first. Scores of calls that were asked
    /// the same question may be compared.
    pub sentences: Vec<(usize, f64)>,
}

/// What the finder sees, for learning its numbers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Seen {
    /// By name: a value for every sentence.
    pub sentences: BTreeMap<String, Vec<f64>>,
    /// By name: values of the question as a whole, with the numbers of this finder.
    pub question: BTreeMap<String, f64>,
}

impl Answering<'_> {
    /// The `most` best sentences. Nothing for a call in which nothing was said.
    pub fn find(&self, question: &str, most: usize) -> Found {
        let question = Question::new(question, self.call);
        let columns = Columns::of(&self.talk, &question);
        let scores = self.scores(&columns);
        let best = spread(&scores, most);
        let judged = spread(&scores, JUDGED);
        let told = told(&self.talk, &question, &columns, &scores, &judged);
        let sum = self
            .numbers
            .told
            .sum(told.iter().map(|(name, value)| (name.as_ref(), *value)));
        Found {
            told: if scores.is_empty() {
                0.0
            } else {
                1.0 / (1.0 + (-sum).exp())
            },
            sentences: best.into_iter().map(|at| (at, scores[at])).collect(),
        }
    }

    /// What [`find`](Self::find) goes by.
    pub fn seen(&self, question: &str) -> Seen {
        let question = Question::new(question, self.call);
        let columns = Columns::of(&self.talk, &question);
        let scores = self.scores(&columns);
        let best = spread(&scores, JUDGED);
        let told = told(&self.talk, &question, &columns, &scores, &best);
        Seen {
            question: told
                .into_iter()
                .map(|(name, value)| (name.into_owned(), value))
                .collect(),
            sentences: columns
                .columns
                .into_iter()
                .map(|(name, values)| (name.into_owned(), values))
                .collect(),
        }
    }

    fn scores(&self, columns: &Columns) -> Vec<f64> {
        let mut scores = vec![0.0; self.talk.said.len()];
        for (name, values) in &columns.columns {
            let weight = self.numbers.sentence.of(name);
            for (score, value) in scores.iter_mut().zip(values) {
                *score += weight * value;
            }
        }
        scores
    }
}

/// Sentences by which it is judged whether there is an answer.
const JUDGED: usize = 5;

/// The positions of the best, best first; of equals the earlier comes first.
fn spread(scores: &[f64], most: usize) -> Vec<usize> {
    let mut left: Vec<Option<f64>> = scores.iter().copied().map(Some).collect();
    let mut chosen = Vec::with_capacity(most.min(scores.len()));
    while chosen.len() < most {
        let open = left
            .iter()
            .enumerate()
            .filter_map(|(at, score)| Some((at, (*score)?)));
        let best = open.fold(None, |best: Option<(usize, f64)>, one| match best {
            Some(best) if best.1 >= one.1 => Some(best),
            _ => Some(one),
        });
        let Some((best, _)) = best else { break };
        left[best] = None;
        chosen.push(best);
        for (taken, by) in TAKEN_FROM_NEIGHBOURS.into_iter().zip(1..) {
            for at in [best.checked_sub(by), best.checked_add(by)] {
                if let Some(Some(score)) = at.and_then(|at| left.get_mut(at)) {
                    *score -= taken;
                }
            }
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let numbers = Numbers::parse(TABLE).unwrap();
        assert!(numbers.sentence.of("words") != 0.0);
    }

    #[test]
    fn neighbours_of_the_best_have_to_be_better_by_themselves() {
        assert_eq!(spread(&[1.0, 0.9, 0.0, 0.7], 3), [0, 3, 1]);
        assert_eq!(spread(&[], 3), [] as [usize; 0]);
        assert_eq!(spread(&[0.5, 0.5, 0.1], 1), [0]);
    }
}
