//! Stops before a limit is passed.

use resilience::ErrorKind;
use rust_decimal::Decimal;

use super::budget::Budget;
use super::spending;
use crate::call::{Call, ask, decorate};
use crate::{Error, LanguageBackend, Method, Outcome, Result, usage};

/// A backend that is asked only while a [`Budget`] has room.
///
/// Items without room fail with `QuotaExhausted` before anything is sent for them, and
/// the others are asked; when none has room, the batch fails. Batches of
/// [`embed`](LanguageBackend::embed) are asked whole or not at all, since their vectors
/// must be of one model and what is missing would come from elsewhere.
///
/// Booked is what the backend reports, else an estimate. An item that failed is booked
/// with its input unless its error says that nothing ran.
///
/// ```
/// use cortex::decorators::{Budget, Budgeted};
/// use cortex::{LanguageBackendExt, LocalLanguage};
/// use resilience::ErrorKind;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let language = Budgeted::new(LocalLanguage::new(), Budget::tokens(100));
/// assert!(language.sentiment_of("We love it.").await.is_ok());
/// let refused = language.sentiment_of("We love it. ".repeat(50)).await.unwrap_err();
/// assert_eq!(refused.kind(), ErrorKind::QuotaExhausted);
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Budgeted<B> {
    inner: B,
    budget: Budget,
}

impl<B: LanguageBackend> Budgeted<B> {
    /// Keeps to a budget, which others may share.
    pub fn new(inner: B, budget: Budget) -> Self {
        Self { inner, budget }
    }

    /// The budget.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    async fn run<C: Call>(&self, items: &[C::Item]) -> Result<Vec<Outcome<C::Answer>>> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let model = self.inner.provenance_of(C::METHOD).model;
        let estimate = self.budget.estimate();
        let amounts = items
            .iter()
            .map(|item| {
                self.budget
                    .price(&model, C::METHOD, estimate.at_most::<C>(item))
            })
            .collect::<Result<Vec<Decimal>>>()?;
        let (fitting, reservation) = self.budget.reserve(&amounts, C::METHOD == Method::Embed);
        if fitting.is_empty() {
            return Err(self.budget.refusal());
        }
        let admitted: Vec<C::Item> = fitting.iter().map(|at| items[*at].clone()).collect();
        let (result, reports) = usage::collect(ask::<C>(&self.inner, &admitted)).await;
        let spent = spending::of_batch::<C>(estimate, &model, &admitted, &result, reports);
        let mut taken = Decimal::ZERO;
        for part in spent {
            let amount = self
                .budget
                .price(&part.model, C::METHOD, part.tokens)
                // The reported name may be another spelling of the model's.
                .or_else(|_| self.budget.price(&model, C::METHOD, part.tokens))?;
            taken = taken.saturating_add(amount);
        }
        reservation.settle(taken);

        let mut answers = result?.into_iter();
        let mut fitting = fitting.into_iter().peekable();
        Ok((0..items.len())
            .map(|at| match fitting.next_if_eq(&at) {
                Some(_) => answers.next().unwrap_or_else(|| {
                    let message = "an item of the batch has no outcome";
                    Err(Error::new(ErrorKind::Internal, message))
                }),
                None => Err(self.budget.refusal()),
            })
            .collect())
    }
}

decorate!(Budgeted);
