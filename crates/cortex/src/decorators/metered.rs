//! Counts what a backend takes.

use super::meter::CostMeter;
use super::spending;
use crate::call::{Call, ask, decorate};
use crate::{LanguageBackend, Outcome, Result, usage};

/// A backend whose requests, items, tokens and credits are counted in a [`CostMeter`].
///
/// Give it the label that its requests carry as Snowflake's `QUERY_TAG`, and the
/// meter's lines can be laid beside the account's usage views. Several of them, with a
/// label each, may stand before one shared backend and count in one meter.
///
/// ```
/// use std::sync::Arc;
/// use cortex::decorators::{CostMeter, Metered};
/// use cortex::{LanguageBackendExt, LocalLanguage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cortex::Result<()> {
/// let (shared, meter) = (Arc::new(LocalLanguage::new()), CostMeter::default());
/// let analysis = Metered::new(Arc::clone(&shared), meter.clone()).with_label("analysis");
/// let coaching = Metered::new(shared, meter.clone()).with_label("coaching");
/// analysis.sentiment_of("We love it.").await?;
/// coaching.sentiment_of("We love it.").await?;
/// let labels: Vec<String> = meter.lines().into_iter().map(|line| line.label).collect();
/// assert_eq!(labels, ["analysis", "coaching"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Metered<B> {
    inner: B,
    meter: CostMeter,
    label: String,
}

impl<B: LanguageBackend> Metered<B> {
    /// Counts in a meter, under an empty label.
    pub fn new(inner: B, meter: CostMeter) -> Self {
        Self {
            inner,
            meter,
            label: String::new(),
        }
    }

    /// The label of its lines, such as the query tag.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Where it counts.
    pub fn meter(&self) -> &CostMeter {
        &self.meter
    }

    async fn run<C: Call>(&self, items: &[C::Item]) -> Result<Vec<Outcome<C::Answer>>> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let (result, reports) = usage::collect(ask::<C>(&self.inner, items)).await;
        let model = self.inner.provenance_of(C::METHOD).model;
        let failed = match &result {
            Ok(outcomes) => outcomes.iter().filter(|outcome| outcome.is_err()).count(),
            Err(_) => items.len(),
        };
        let estimate = self.meter.estimate();
        let spent = spending::of_batch::<C>(estimate, &model, items, &result, reports);
        let backend = self.inner.provenance().backend;
        self.meter.count(
            &self.label,
            &backend,
            &model,
            C::METHOD,
            items.len(),
            failed,
            spent,
        );
        result
    }
}

decorate!(Metered);
