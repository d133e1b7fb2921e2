//! A sentence among its neighbours: how much it belongs to an item of each kind, and
//! how much it begins one. Twin of `window` in `training/reading/features.py`.

use super::classes::classes;
use super::numbers::Numbers;
use super::scorers::{KINDS, Rows};
use super::sentence::Sentence;

/// Neighbours on either side whose wording counts one by one.
const NEAR: usize = 4;

/// How far wording counts in passing: its weight falls by e over so many sentences.
const FAR: [usize; 2] = [3, 8];

/// Sentences of a call that say how much of a kind there is in it.
const STRONGEST: usize = 10;

/// Neighbours whose speaker and form count.
const SPEAKERS: [isize; 6] = [1, 2, 3, -1, -2, -3];

/// Scores of every sentence, by kind.
pub(super) struct Scores {
    pub(super) belongs: Vec<[f64; KINDS]>,
    pub(super) starts: Vec<[f64; KINDS]>,
}

/// Columns of a row.
pub(super) fn columns() -> usize {
    (1 + 2 * NEAR + FAR.len()) * KINDS + 4 * SPEAKERS.len() + 10 + 3 * classes().len() + 2 * KINDS
}

pub(super) fn scores(numbers: &Numbers, said: &[Sentence]) -> Scores {
    let wording: Vec<[f64; KINDS]> = said.iter().map(|one| numbers.wording(&one.keys)).collect();
    let smooth = FAR.map(|width| smoothed(&wording, width));
    let strongest = strongest(&wording);
    let mut scores = Scores {
        belongs: Vec::with_capacity(said.len()),
        starts: Vec::with_capacity(said.len()),
    };
    let width = columns();
    let of = |kind: usize| &numbers.window[kind];
    let mut rows = Vec::with_capacity(width * said.len());
    for at in 0..said.len() {
        fill(&mut rows, said, &wording, &smooth, at);
        rows.extend(strongest);
        let even = of(0).linear.even(&rows[rows.len() - width..]);
        let belongs = std::array::from_fn(|kind| of(kind).linear.score_even(&even));
        scores.belongs.push(belongs);
        let starts = std::array::from_fn(|kind| of(kind).starts.score_even(&even));
        scores.starts.push(starts);
    }
    let rows = Rows::of(width, &rows);
    for kind in 0..KINDS {
        let trees = of(kind).trees.scores(&rows);
        for (belongs, trees) in scores.belongs.iter_mut().zip(trees) {
            belongs[kind] = f64::midpoint(belongs[kind], trees);
        }
    }
    scores
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Columns are 32 bits.
fn fill(
    row: &mut Vec<f32>,
    said: &[Sentence],
    wording: &[[f64; KINDS]],
    smooth: &[Vec<[f64; KINDS]>; 2],
    at: usize,
) {
    let n = said.len();
    let back = |by: isize| at.checked_add_signed(-by).filter(|place| *place < n);
    let narrow = |values: [f64; KINDS]| values.map(|value| value as f32);
    row.extend(narrow(wording[at]));
    for by in 1..=NEAR.cast_signed() {
        for by in [by, -by] {
            row.extend(back(by).map_or([0.0; KINDS], |place| narrow(wording[place])));
        }
    }
    for values in smooth {
        row.extend(narrow(values[at]));
    }
    let one = &said[at];
    for by in SPEAKERS {
        row.extend(back(by).map_or([0.0; 4], |place| {
            let other = &said[place];
            let same = other.speaker == one.speaker;
            [
                flag(other.is_rep),
                flag(other.asks),
                other.tokens.len() as f32,
                flag(same),
            ]
        }));
    }
    row.extend([
        flag(one.is_rep),
        flag(one.asks),
        one.tokens.len() as f32,
        at as f32 / n as f32,
        (n - at) as f32,
        at as f32,
        one.at_in_turn as f32,
        one.turn_length as f32,
        (one.turn_length - one.at_in_turn) as f32,
        one.capitals.len() as f32,
    ]);
    row.extend(&one.classes);
    for by in [1, -1] {
        match back(by) {
            Some(place) => row.extend(&said[place].classes),
            None => row.extend(std::iter::repeat_n(0.0, classes().len())),
        }
    }
    let first = at - one.at_in_turn;
    let turn = &wording[first..(first + one.turn_length).min(n)];
    row.extend((0..KINDS).map(|kind| {
        let of_kind = turn.iter().map(|values| values[kind]);
        of_kind.fold(f64::NEG_INFINITY, f64::max) as f32
    }));
}

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn smoothed(wording: &[[f64; KINDS]], width: usize) -> Vec<[f64; KINDS]> {
    let reach = (3 * width).cast_signed();
    let share = |by: isize| {
        let distance = by.unsigned_abs() as f64;
        if by == 0 {
            0.0
        } else {
            (-distance / width as f64).exp()
        }
    };
    let whole: f64 = (-reach..=reach).map(share).sum();
    let shares: Vec<(isize, f64)> = (-reach..=reach).map(|by| (by, share(by) / whole)).collect();
    let last = wording.len().saturating_sub(1);
    let near = |at: usize| {
        let mut sums = [0.0; KINDS];
        for (by, share) in &shares {
            let place = at.saturating_add_signed(*by).min(last);
            for (sum, value) in sums.iter_mut().zip(wording[place]) {
                *sum += share * value;
            }
        }
        sums
    };
    (0..wording.len()).map(near).collect()
}

/// The mean of the strongest sentences of each kind.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn strongest(wording: &[[f64; KINDS]]) -> [f32; KINDS] {
    std::array::from_fn(|kind| {
        let mut values: Vec<f64> = wording.iter().map(|values| values[kind]).collect();
        values.sort_unstable_by(|left, right| right.total_cmp(left));
        values.truncate(STRONGEST);
        (values.iter().sum::<f64>() / values.len().max(1) as f64) as f32
    })
}
