//! The measures.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

/// Spearman's rank correlation.
pub(crate) fn spearman(left: &[f64], right: &[f64]) -> f64 {
    correlation(&ranks(left), &ranks(right))
}

/// Ranks from 0, equal values sharing their mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|left, right| values[*left].total_cmp(&values[*right]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start]];
        let is_equal = |at: &&usize| values[**at] == value;
        let end = start + order[start..].iter().take_while(is_equal).count();
        for at in start..end {
            ranks[order[at]] = (start + end - 1) as f64 / 2.0;
        }
        start = end;
    }
    ranks
}

fn correlation(left: &[f64], right: &[f64]) -> f64 {
    let (left_mean, right_mean) = (mean(left), mean(right));
    let (mut product, mut left_square, mut right_square) = (0.0, 0.0, 0.0);
    for (left, right) in left.iter().zip(right) {
        product += (left - left_mean) * (right - right_mean);
        left_square += (left - left_mean).powi(2);
        right_square += (right - right_mean).powi(2);
    }
    product / (left_square * right_square).sqrt()
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The harmonic mean of precision and recall, from pairs of found and true.
pub(crate) fn f1(pairs: impl IntoIterator<Item = (bool, bool)>) -> f64 {
    let (mut hits, mut total) = (0, 0);
    for (is_found, is_true) in pairs {
        hits += u32::from(is_found && is_true);
        total += u32::from(is_found) + u32::from(is_true);
    }
    2.0 * f64::from(hits) / f64::from(total.max(1))
}

/// Average precision from pairs of score and truth; pairs of one score come in as
/// one step, so that their order cannot help.
pub(crate) fn average_precision(mut pairs: Vec<(f64, bool)>) -> f64 {
    pairs.sort_by(|left, right| right.0.total_cmp(&left.0));
    let all = pairs.iter().filter(|(_, is_true)| *is_true).count() as f64;
    let (mut seen, mut hits, mut sum) = (0.0, 0.0, 0.0);
    for step in pairs.chunk_by(|left, right| left.0 == right.0) {
        let new = step.iter().filter(|(_, is_true)| *is_true).count() as f64;
        seen += step.len() as f64;
        hits += new;
        sum += new / all * hits / seen;
    }
    sum
}

/// Normalized discounted cumulative gain of the first `k` of a ranking, by whether
/// each result is relevant.
pub(crate) fn ndcg(ranked: &[bool], k: usize) -> f64 {
    let discount = |at: usize| 1.0 / (at as f64 + 2.0).log2();
    let gain: f64 = (0..k.min(ranked.len()))
        .filter(|at| ranked[*at])
        .map(discount)
        .sum();
    let relevant = ranked.iter().filter(|is_relevant| **is_relevant).count();
    let ideal: f64 = (0..k.min(relevant)).map(discount).sum();
    gain / ideal
}

/// ROUGE-1 F1 over Snowball stems.
pub(crate) fn rouge_1(summary: &str, reference: &str) -> f64 {
    let (summary, reference) = (stem_counts(summary), stem_counts(reference));
    let shared: usize = summary
        .iter()
        .map(|(stem, count)| *count.min(reference.get(stem).unwrap_or(&0)))
        .sum();
    let total: usize = summary.values().chain(reference.values()).sum();
    2.0 * shared as f64 / total as f64
}

fn stem_counts(text: &str) -> HashMap<String, usize> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut counts = HashMap::new();
    let lower_case = text.to_lowercase();
    for word in lower_case.split(|symbol: char| !symbol.is_alphanumeric()) {
        if !word.is_empty() {
            *counts.entry(stemmer.stem(word).into_owned()).or_default() += 1;
        }
    }
    counts
}

/// The middle one of some values.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
