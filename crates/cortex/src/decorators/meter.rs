//! The counters behind [`Metered`](super::Metered).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rust_decimal::Decimal;
use serde::Serialize;

use super::estimate::TokenEstimate;
use super::price::PriceTable;
use super::spending::Spending;
use crate::Method;

/// Counts what language backends took, by label, backend, model and method.
///
/// Clones count together. Credits are computed from the caller's [`PriceTable`];
/// tokens of models that it does not know are counted without credits.
#[derive(Debug, Clone, Default)]
pub struct CostMeter {
    prices: Arc<PriceTable>,
    estimate: TokenEstimate,
    tallies: Arc<Mutex<BTreeMap<Account, Tally>>>,
}

/// What was taken under one label from one model by one method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CostLine {
    /// The label, such as the query tag.
    pub label: String,
    /// The backend that answered, as in its provenance.
    pub backend: String,
    /// The model that is charged for.
    pub model: String,
    /// The method.
    pub method: Method,
    /// Round trips: those that reported their usage, and one for each batch that
    /// nothing was reported for.
    pub requests: u64,
    /// Items that were asked.
    pub items: u64,
    /// Items among them that failed.
    pub failed: u64,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// How many of the tokens are a [`TokenEstimate`] and not the backend's count.
    pub estimated_tokens: u64,
    /// What they cost; `None` when there is no price for the model.
    pub credits: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Account {
    label: String,
    backend: String,
    model: String,
    method: Method,
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    requests: u64,
    items: u64,
    failed: u64,
    input: u64,
    output: u64,
    estimated: u64,
}

impl CostMeter {
    /// A meter that knows prices.
    pub fn new(prices: PriceTable) -> Self {
        Self {
            prices: Arc::new(prices),
            ..Self::default()
        }
    }

    /// How to count where a backend does not. Set it before the meter is cloned.
    #[must_use]
    pub fn with_estimate(mut self, estimate: TokenEstimate) -> Self {
        self.estimate = estimate;
        self
    }

    /// Everything counted so far, sorted by label, backend, model and method.
    pub fn lines(&self) -> Vec<CostLine> {
        let lines = self.lock();
        lines
            .iter()
            .map(|(account, tally)| self.line(account, tally))
            .collect()
    }

    /// Everything counted since the last time it was taken; counting starts anew.
    pub fn take(&self) -> Vec<CostLine> {
        let taken = std::mem::take(&mut *self.lock());
        taken
            .iter()
            .map(|(account, tally)| self.line(account, tally))
            .collect()
    }

    pub(super) fn estimate(&self) -> &TokenEstimate {
        &self.estimate
    }

    /// Books a batch. Its items count on the line of `model`, its tokens on the lines
    /// of the models that are charged for.
    #[allow(clippy::too_many_arguments)] // one caller; a struct would say it all twice
    pub(super) fn count(
        &self,
        label: &str,
        backend: &str,
        model: &str,
        method: Method,
        items: usize,
        failed: usize,
        spent: Vec<Spending>,
    ) {
        let account = |model: String| Account {
            label: label.to_owned(),
            backend: backend.to_owned(),
            model,
            method,
        };
        let model = match spent.first() {
            Some(first) => first.model.clone(),
            None => model.to_owned(),
        };
        let mut tallies = self.lock();
        let tally = tallies.entry(account(model)).or_default();
        tally.items += items as u64;
        tally.failed += failed as u64;
        for part in spent {
            tracing::debug!(
                label,
                backend,
                model = part.model,
                method = method.as_str(),
                requests = part.requests,
                input_tokens = part.tokens.input,
                output_tokens = part.tokens.output,
                estimated = part.is_estimate,
                "language tokens"
            );
            let tally = tallies.entry(account(part.model)).or_default();
            tally.requests += part.requests;
            tally.input += part.tokens.input;
            tally.output += part.tokens.output;
            if part.is_estimate {
                tally.estimated += part.tokens.input + part.tokens.output;
            }
        }
    }

    fn line(&self, account: &Account, tally: &Tally) -> CostLine {
        CostLine {
            label: account.label.clone(),
            backend: account.backend.clone(),
            model: account.model.clone(),
            method: account.method,
            requests: tally.requests,
            items: tally.items,
            failed: tally.failed,
            input_tokens: tally.input,
            output_tokens: tally.output,
            estimated_tokens: tally.estimated,
            credits: self
                .prices
                .credits(&account.model, account.method, tally.input, tally.output),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Account, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
