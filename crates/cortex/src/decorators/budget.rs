//! A limit on what is spent, kept under concurrency.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use resilience::ErrorKind;
use rust_decimal::Decimal;
use tokio::time::Instant;

use super::estimate::{TokenEstimate, Tokens};
use super::price::PriceTable;
use crate::{Error, Method, Result};

/// A limit in tokens or credits, shared by all clones.
///
/// Before a request the most that it can take is reserved, afterwards what it took is
/// booked and the rest given back. So requests that run at the same time never pass
/// the limit together. The most is one token a byte of input plus the longest answer;
/// that errs far on the safe side, and near the limit a large request may be refused
/// although it would have fitted. Only a hidden prompt longer than
/// [`TokenEstimate::hidden_prompt_tokens`] says can pass the limit, by its own length
/// and once.
///
/// Without a window the limit is for the run: it holds until [`reset`](Self::reset).
///
/// ```
/// use std::time::Duration;
/// use cortex::decorators::Budget;
///
/// let budget = Budget::tokens(200_000).with_window(Duration::from_secs(24 * 60 * 60));
/// assert_eq!(budget.status().remaining, 200_000.into());
/// ```
#[derive(Debug, Clone)]
pub struct Budget {
    unit: Unit,
    limit: Decimal,
    window: Option<Duration>,
    estimate: TokenEstimate,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Clone)]
enum Unit {
    Tokens,
    Credits(Arc<PriceTable>),
}

#[derive(Debug)]
struct State {
    spent: Decimal,
    reserved: Decimal,
    since: Instant,
}

/// How a [`Budget`] stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BudgetStatus {
    /// The limit.
    pub limit: Decimal,
    /// What was booked in this window.
    pub spent: Decimal,
    /// What requests under way have reserved.
    pub reserved: Decimal,
    /// What is free to be reserved, never below 0.
    pub remaining: Decimal,
    /// Time until the window ends; `None` without one.
    pub resets_in: Option<Duration>,
}

impl Budget {
    /// A limit of tokens, read and written together.
    pub fn tokens(limit: u64) -> Self {
        Self::new(Unit::Tokens, limit.into())
    }

    /// A limit of credits. Models without a price are refused with `Config`: what
    /// they cost could not be limited.
    pub fn credits(limit: Decimal, prices: PriceTable) -> Self {
        Self::new(Unit::Credits(Arc::new(prices)), limit)
    }

    fn new(unit: Unit, limit: Decimal) -> Self {
        Self {
            unit,
            limit,
            window: None,
            estimate: TokenEstimate::default(),
            state: Arc::new(Mutex::new(State {
                spent: Decimal::ZERO,
                reserved: Decimal::ZERO,
                since: Instant::now(),
            })),
        }
    }

    /// Starts anew after this time, counted from the last start. What is under way at
    /// that moment counts in the new window.
    #[must_use]
    pub fn with_window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// How to count where a backend does not, and how long answers can get.
    #[must_use]
    pub fn with_estimate(mut self, estimate: TokenEstimate) -> Self {
        self.estimate = estimate;
        self
    }

    /// Starts anew now, as at the beginning of a run. What is under way stays reserved.
    pub fn reset(&self) {
        let mut state = self.lock();
        state.spent = Decimal::ZERO;
        state.since = Instant::now();
    }

    /// How it stands now.
    pub fn status(&self) -> BudgetStatus {
        let state = self.lock();
        BudgetStatus {
            limit: self.limit,
            spent: state.spent,
            reserved: state.reserved,
            remaining: self.remaining(&state).max(Decimal::ZERO),
            resets_in: self.resets_in(&state),
        }
    }

    pub(super) fn estimate(&self) -> &TokenEstimate {
        &self.estimate
    }

    /// What tokens take of this budget.
    pub(super) fn price(&self, model: &str, method: Method, tokens: Tokens) -> Result<Decimal> {
        let Unit::Credits(prices) = &self.unit else {
            return Ok(Decimal::from(tokens.input) + Decimal::from(tokens.output));
        };
        let credits = prices.credits(model, method, tokens.input, tokens.output);
        credits.ok_or_else(|| {
            let message = format!("no price for the model {model}, so no budget can hold");
            Error::new(ErrorKind::Config, message).with_field("prices")
        })
    }

    /// Reserves what fits of some amounts, in their order, or with `all_or_none` all of
    /// them. Returns the places of those that fit.
    pub(super) fn reserve(
        &self,
        amounts: &[Decimal],
        all_or_none: bool,
    ) -> (Vec<usize>, Reservation<'_>) {
        let mut state = self.lock();
        let free = self.remaining(&state);
        let mut sum = Decimal::ZERO;
        let mut fitting = Vec::new();
        for (at, amount) in amounts.iter().enumerate() {
            if let Some(more) = sum.checked_add(*amount).filter(|more| *more <= free) {
                sum = more;
                fitting.push(at);
            }
        }
        if all_or_none && fitting.len() < amounts.len() {
            fitting.clear();
            sum = Decimal::ZERO;
        }
        state.reserved = state.reserved.saturating_add(sum);
        let reservation = Reservation {
            budget: self,
            amount: sum,
        };
        (fitting, reservation)
    }

    /// The error for what does not fit.
    pub(super) fn refusal(&self) -> Error {
        let unit = match self.unit {
            Unit::Tokens => "tokens",
            Unit::Credits(_) => "credits",
        };
        let limit = self.limit.normalize();
        let message = format!("the budget of {limit} {unit} has no room for the request");
        let state = self.lock();
        Error::new(ErrorKind::QuotaExhausted, message).with_retry_after(self.resets_in(&state))
    }

    fn remaining(&self, state: &State) -> Decimal {
        self.limit
            .saturating_sub(state.spent)
            .saturating_sub(state.reserved)
    }

    fn resets_in(&self, state: &State) -> Option<Duration> {
        Some(self.window?.saturating_sub(state.since.elapsed()))
    }

    /// The state, in a new window when the old one has ended.
    fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if self
            .window
            .is_some_and(|window| state.since.elapsed() >= window)
        {
            state.spent = Decimal::ZERO;
            state.since = Instant::now();
        }
        state
    }
}

/// Part of a budget that a request under way may take. Dropped without being settled,
/// as when the request is cancelled, it is booked in full: the other side may have
/// done the work.
#[derive(Debug)]
pub(super) struct Reservation<'a> {
    budget: &'a Budget,
    amount: Decimal,
}

impl Reservation<'_> {
    /// Books what was taken and gives the rest back.
    pub(super) fn settle(mut self, taken: Decimal) {
        let mut state = self.budget.lock();
        state.reserved = state.reserved.saturating_sub(self.amount);
        state.spent = state.spent.saturating_add(taken);
        self.amount = Decimal::ZERO;
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        if self.amount.is_zero() {
            return;
        }
        let mut state = self.budget.lock();
        state.reserved = state.reserved.saturating_sub(self.amount);
        state.spent = state.spent.saturating_add(self.amount);
    }
}
