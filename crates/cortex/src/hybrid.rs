//! Two backends that act as one.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::Provenance;
use calls::reading::{CallToRead, Reading};
use resilience::{Answered, ErrorKind, Route, Routed};

use crate::outcomes::{Asked, checked};
use crate::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding,
    ExtractRequest, Extraction, LanguageBackend, Method, Outcome, Result, Summary, SummaryRequest,
    TextSentiment,
};

/// Asks a primary backend first and a fallback where the [`Route`] says so.
///
/// - A batch goes the way of its first item; so the same text always goes the same
///   way when a share of the traffic is routed to the primary.
/// - When the whole batch fails, times out or meets an open breaker, the fallback
///   answers it. When single items fail with a kind that the route falls back on,
///   the fallback answers those and the others stand.
/// - Vectors of one batch must be of one model, so a failed item of
///   [`embed`](LanguageBackend::embed) sends the whole batch to the fallback.
/// - When the fallback fails too, its error is the answer.
///
/// The methods of [`LanguageBackend`] hide who answered. [`attributed`](Self::attributed)
/// shows it for every item.
///
/// ```
/// use cortex::{Hybrid, LocalLanguage, LanguageBackend};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cortex::Result<()> {
/// # let remote = LocalLanguage::new();
/// let language = Hybrid::new(remote, LocalLanguage::new());
/// let texts = ["Thanks, that helps a lot.".to_owned()];
/// for outcome in language.attributed().sentiment(&texts).await? {
///     let answer = outcome?;
///     println!("{} by {}", answer.value.sentiment.score, answer.by.backend);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Hybrid<P, F> {
    primary: P,
    fallback: F,
    route: Route,
}

/// An answer, and the backend that gave it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Attributed<T> {
    /// The answer.
    pub value: T,
    /// The backend that gave it.
    pub by: Provenance,
    /// Why that one.
    pub answered: Answered,
}

/// The methods of a [`Hybrid`], with every answer attributed. Borrowed from
/// [`Hybrid::attributed`].
#[derive(Debug, Clone, Copy)]
pub struct AttributedMethods<'a, P, F>(&'a Hybrid<P, F>);

impl<P: LanguageBackend, F: LanguageBackend> Hybrid<P, F> {
    /// Everything to the primary, the fallback where it fails; see [`Route::default`].
    pub fn new(primary: P, fallback: F) -> Self {
        Self {
            primary,
            fallback,
            route: Route::default(),
        }
    }

    /// Another division of the traffic.
    /// For callers that move over in shares or compare two backends.
    #[must_use]
    pub fn with_route(mut self, route: Route) -> Self {
        self.route = route;
        self
    }

    /// The same methods, with the backend that answered.
    pub fn attributed(&self) -> AttributedMethods<'_, P, F> {
        AttributedMethods(self)
    }

    async fn ask<I, O>(
        &self,
        method: Method,
        key: Option<&str>,
        items: &[I],
        ask: Ask<I, O>,
    ) -> Result<Vec<Outcome<Attributed<O>>>>
    where
        I: Clone + Sync,
        O: PartialEq + Send,
    {
        let Some(key) = key else {
            return Ok(Vec::new());
        };
        let routed = self
            .route
            .run_with_shadow(
                key,
                || checked(ask(&self.primary, items), items.len()),
                || checked(ask(&self.fallback, items), items.len()),
                |primary, fallback| report_shadow(method, primary, fallback),
            )
            .await?;
        if routed.answered != Answered::Primary {
            return Ok(self.attribute(method, routed));
        }
        let failed: Vec<(usize, ErrorKind)> = routed
            .value
            .iter()
            .enumerate()
            .filter_map(|(at, outcome)| outcome.as_ref().err().map(|error| (at, error.kind())))
            .filter(|(_, kind)| self.route.falls_back_on(*kind))
            .collect();
        if let (Method::Embed, Some((_, kind))) = (method, failed.first()) {
            let value = checked(ask(&self.fallback, items), items.len()).await?;
            let answered = Answered::FallbackAfter(*kind);
            return Ok(self.attribute(method, Routed { value, answered }));
        }
        let mut outcomes = self.attribute(method, routed);
        if failed.is_empty() {
            return Ok(outcomes);
        }
        let again: Vec<I> = failed.iter().map(|(at, _)| items[*at].clone()).collect();
        // When the fallback fails as a whole, the primary's other answers still stand.
        if let Ok(answers) = checked(ask(&self.fallback, &again), again.len()).await {
            for ((at, kind), outcome) in failed.into_iter().zip(answers) {
                outcomes[at] = outcome.map(|value| Attributed {
                    value,
                    by: self.fallback.provenance_of(method),
                    answered: Answered::FallbackAfter(kind),
                });
            }
        }
        Ok(outcomes)
    }

    fn attribute<O>(
        &self,
        method: Method,
        routed: Routed<Vec<Outcome<O>>>,
    ) -> Vec<Outcome<Attributed<O>>> {
        let answered = routed.answered;
        let by = match answered {
            Answered::Primary => self.primary.provenance_of(method),
            _ => self.fallback.provenance_of(method),
        };
        let attribute = |value| Attributed {
            value,
            by: by.clone(),
            answered,
        };
        routed
            .value
            .into_iter()
            .map(|outcome| outcome.map(attribute))
            .collect()
    }
}

/// A method of a backend, as a value.
type Ask<I, O> = for<'a> fn(&'a dyn LanguageBackend, &'a [I]) -> Asked<'a, O>;

fn report_shadow<O: PartialEq>(
    method: Method,
    primary: &Result<Vec<Outcome<O>>>,
    fallback: &Result<Vec<Outcome<O>>>,
) {
    let (Ok(primary), Ok(fallback)) = (primary, fallback) else {
        let (primary, fallback) = (primary.is_ok(), fallback.is_ok());
        tracing::info!(
            method = method.as_str(),
            primary,
            fallback,
            "shadow comparison failed"
        );
        return;
    };
    let different = primary
        .iter()
        .zip(fallback)
        .filter(|pair| !matches!(pair, (Ok(left), Ok(right)) if left == right))
        .count();
    let items = primary.len();
    tracing::info!(
        method = method.as_str(),
        items,
        different,
        "shadow compared"
    );
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident, $method:ident, $item:ty, $answer:ty, $key:expr;)*) => {
        impl<P: LanguageBackend, F: LanguageBackend> AttributedMethods<'_, P, F> {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// As the method of [`LanguageBackend`].
                pub async fn $name(
                    &self,
                    items: &[$item],
                ) -> Result<Vec<Outcome<Attributed<$answer>>>> {
                    let key: fn(&$item) -> &str = $key;
                    let ask: Ask<$item, $answer> = |backend, items| backend.$name(items);
                    self.0.ask(Method::$method, items.first().map(key), items, ask).await
                }
            )*
        }

        #[async_trait]
        impl<P: LanguageBackend, F: LanguageBackend> LanguageBackend for Hybrid<P, F> {
            fn provenance(&self) -> Provenance {
                one_of(self.primary.provenance(), self.fallback.provenance())
            }

            fn provenance_of(&self, method: Method) -> Provenance {
                let fallback = self.fallback.provenance_of(method);
                one_of(self.primary.provenance_of(method), fallback)
            }

            fn capabilities(&self) -> Capabilities {
                either(&self.primary.capabilities(), &self.fallback.capabilities())
            }

            $(
                async fn $name(&self, items: &[$item]) -> Result<Vec<Outcome<$answer>>> {
                    let outcomes = self.attributed().$name(items).await?;
                    Ok(outcomes
                        .into_iter()
                        .map(|outcome| outcome.map(|answer| answer.value))
                        .collect())
                }
            )*
        }
    };
}

methods! {
    /// The sentiment of each text.
    sentiment, Sentiment, String, TextSentiment, |text| text;
    /// A summary of each conversation.
    summarize, Summarize, SummaryRequest, Summary,
        |request| request.utterances.first().map_or("", |spoken| &spoken.text);
    /// A unit vector for each text, all of one model.
    embed, Embed, String, Embedding, |text| text;
    /// The label that fits each text best.
    classify, Classify, ClassifyRequest, Classification, |request| &request.text;
    /// The findings in each conversation.
    extract, Extract, ExtractRequest, Extraction,
        |request| request.utterances.first().map_or("", |spoken| &spoken.text);
    /// What a generative model writes for each prompt.
    complete, Complete, CompletionRequest, Completion, |request| &request.prompt;
    /// The reading of each call.
    read, Read, CallToRead, Reading, |call| call.id.as_str();
}

fn one_of(first: Provenance, second: Provenance) -> Provenance {
    let model = format!(
        "{}/{} else {}/{}",
        first.backend, first.model, second.backend, second.model
    );
    Provenance::new("hybrid", model)
}

/// What either can do; where both give vectors, those of the first.
fn either(first: &Capabilities, second: &Capabilities) -> Capabilities {
    let embedder = if first.supports(Method::Embed) {
        first
    } else {
        second
    };
    let mut languages = first.languages.clone();
    languages.extend(second.languages.iter().cloned());
    languages.sort();
    languages.dedup();
    Capabilities {
        methods: Method::ALL
            .into_iter()
            .filter(|method| first.supports(*method) || second.supports(*method))
            .collect(),
        max_batch: first.max_batch.min(second.max_batch),
        embedding_dim: embedder.embedding_dim,
        embedding_model: embedder.embedding_model.clone(),
        languages,
    }
}
