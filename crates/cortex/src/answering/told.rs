//! What tells whether a call answers a question at all, by name.

use std::borrow::Cow;

use super::columns::Columns;
use super::question::{Asks, Question, questions};
use super::talk::{Said, Talk, weight};

/// Words of a question that ask for one exact thing, which is often not told.
const EXACT: [&str; 8] = [
    "year", "month", "many", "charge", "cost", "today", "what", "would",
];

/// Sentences beside the best ones that show how good an ordinary one is.
const ORDINARY: std::ops::Range<usize> = 5..15;

/// Places where the question's words are said.
const PLACES: usize = 6;

/// Named values of a question, given the scores of all sentences and the best of them.
#[allow(clippy::cast_precision_loss)] // Small counts.
pub(super) fn told(
    talk: &Talk,
    question: &Question,
    columns: &Columns,
    scores: &[f64],
    best: &[usize],
) -> Vec<(Cow<'static, str>, f64)> {
    let mut values: Vec<(Cow<'static, str>, f64)> = Vec::new();
    let mut add = |name: Cow<'static, str>, value: f64| values.push((name, value));
    let mut falling = scores.to_vec();
    falling.sort_unstable_by(|left, right| right.total_cmp(left));
    let top = falling.first().copied().unwrap_or(0.0);
    let ordinary = ORDINARY.start.min(falling.len())..ORDINARY.end.min(falling.len());
    let ordinary = mean(falling[ordinary].iter().copied());
    let all = mean(scores.iter().copied());
    let spread = mean(scores.iter().map(|score| (score - all).powi(2))).sqrt();
    add("top".into(), top);
    add("top_above".into(), top - ordinary);
    add("top_deviations".into(), (top - all) / spread.max(0.1));
    add("top_mean".into(), mean(best.iter().map(|at| scores[*at])));
    let covered = |at: &usize| columns.covered[*at];
    add("covered_first".into(), best.first().map_or(0.0, covered));
    add("covered_best".into(), most(best.iter().map(covered)));
    add("covered_most".into(), most(columns.covered.iter().copied()));
    let missing = |stem: &&String| talk.holding(stem).is_empty();
    let rare: f64 = question.stems.iter().map(|stem| weight(stem)).sum();
    let absent = question.stems.iter().filter(missing);
    let absent_rare: f64 = absent.clone().map(|stem| weight(stem)).sum();
    add("missing".into(), absent_rare / rare.max(1.0));
    add("missing_words".into(), absent.count() as f64);
    add("words".into(), question.stems.len() as f64);
    add("tokens".into(), question.tokens.len() as f64);
    add("names".into(), question.names.len() as f64);
    let is_said = |name: &&String| {
        let mut said = talk.said.iter();
        said.any(|one| one.tokens.iter().any(|token| token == *name))
    };
    let strange = question.names.iter().filter(|name| !is_said(name)).count();
    add("names_missing".into(), strange as f64);
    add(format!("asks_{}", question.asks.as_str()).into(), 1.0);
    for word in EXACT {
        if question.tokens.iter().any(|token| token == word) {
            add(format!("says_{word}").into(), 1.0);
        }
    }
    add("of_us".into(), f64::from(u8::from(question.is_of_us)));
    add("of_them".into(), f64::from(u8::from(question.is_of_them)));
    for (subject, count) in question.subjects.iter().enumerate() {
        if *count > 0.0 {
            add(format!("about_{}", questions().name(subject)).into(), 1.0);
        }
    }
    let read = |one: &Said| one.read.iter().copied().fold(0.0, f64::max);
    add("best_read".into(), share(talk, best, read));
    add(
        "best_subjects".into(),
        mean(best.iter().map(|at| columns.subjects[*at])),
    );
    let flag = |is: bool| f64::from(u8::from(is));
    let mut places: Vec<usize> = (0..talk.said.len()).collect();
    places.sort_by(|left, right| columns.covered[*right].total_cmp(&columns.covered[*left]));
    places.truncate(PLACES);
    let first = best.get(..1).unwrap_or_default();
    for (name, at) in [("best", best), ("first", first), ("near", &places)] {
        match question.asks {
            Asks::HowMuch => {
                let money = share(talk, at, |one| flag(one.has_money));
                let number = share(talk, at, |one| flag(one.has_number));
                add(format!("{name}_money").into(), money);
                add(format!("{name}_sum").into(), number);
            }
            Asks::HowMany => {
                let number = share(talk, at, |one| flag(one.has_number));
                add(format!("{name}_count").into(), number);
            }
            Asks::When => {
                let date = share(talk, at, |one| flag(one.has_date));
                add(format!("{name}_date").into(), date);
            }
            Asks::Who => {
                let named = share(talk, at, |one| flag(one.has_name));
                add(format!("{name}_name").into(), named);
            }
            _ => {}
        }
    }
    values
}

fn share(talk: &Talk, at: &[usize], of: impl Fn(&Said) -> f64) -> f64 {
    mean(at.iter().filter_map(|at| talk.said.get(*at)).map(of))
}

#[allow(clippy::cast_precision_loss)]
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0_usize);
    for value in values {
        sum += value;
        count += 1;
    }
    sum / count.max(1) as f64
}

fn most(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}
