//! What a batch took: as reported, and estimated where nothing was.

use super::estimate::{TokenEstimate, Tokens};
use crate::call::Call;
use crate::usage::TokenUsage;
use crate::{Outcome, Result};

/// Tokens of one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spending {
    pub(super) model: String,
    pub(super) requests: u64,
    pub(super) tokens: Tokens,
    /// Whether nobody counted.
    pub(super) is_estimate: bool,
}

/// What a batch took, a part for each report and one for the items without.
pub(super) fn of_batch<C: Call>(
    estimate: &TokenEstimate,
    model: &str,
    items: &[C::Item],
    result: &Result<Vec<Outcome<C::Answer>>>,
    reports: Vec<TokenUsage>,
) -> Vec<Spending> {
    let whole = items.len() as u64;
    let reported: u64 = reports.iter().map(|report| report.items).sum();
    let mut spending: Vec<Spending> = reports
        .into_iter()
        .map(|report| Spending {
            model: report.model,
            requests: 1,
            tokens: Tokens {
                input: report.input,
                output: report.output,
            },
            is_estimate: false,
        })
        .collect();
    let unreported = whole.saturating_sub(reported);
    if unreported > 0 {
        let expected = expected::<C>(estimate, items, result);
        // Which items were reported is not known, so the others are taken as average.
        let part = |tokens: u64| (tokens * unreported).div_ceil(whole);
        spending.push(Spending {
            model: model.to_owned(),
            requests: u64::from(reported == 0),
            tokens: Tokens {
                input: part(expected.input),
                output: part(expected.output),
            },
            is_estimate: true,
        });
    }
    spending
}

fn expected<C: Call>(
    estimate: &TokenEstimate,
    items: &[C::Item],
    result: &Result<Vec<Outcome<C::Answer>>>,
) -> Tokens {
    let mut sum = Tokens::default();
    for (at, item) in items.iter().enumerate() {
        let tokens = match result {
            Ok(outcomes) => outcomes
                .get(at)
                .map(|outcome| estimate.expected::<C>(item, outcome)),
            Err(error) => Some(estimate.expected::<C>(item, &Err(crate::call::copy_of(error)))),
        };
        let tokens = tokens.unwrap_or_default();
        sum.input += tokens.input;
        sum.output += tokens.output;
    }
    sum
}
