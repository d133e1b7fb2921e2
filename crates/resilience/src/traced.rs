//! Implementations whose requests are seen in traces.

use crate::Failure;

/// An implementation of a trait whose asynchronous methods run in a `tracing` span each, with
/// its name, the method, how many items it was given, and how it ended: never with what they
/// hold. [`forward_in_spans!`](crate::forward_in_spans) implements a trait for it.
///
/// For callers that compose stores, CRMs and language backends themselves: the facade wraps
/// those that settings name.
#[derive(Debug, Clone)]
pub struct Traced<T> {
    name: &'static str,
    inner: T,
}

impl<T> Traced<T> {
    /// An implementation under the name that spans give as `backend`.
    pub fn new(name: &'static str, inner: T) -> Self {
        Self { name, inner }
    }

    /// The name.
    pub fn backend(&self) -> &'static str {
        self.name
    }

    /// What answers.
    pub fn inner(&self) -> &T {
        &self.inner
    }
}

/// Implements an async trait (by the crate `async-trait`) for [`Traced`] of whatever implements
/// it, in spans of the given name. Its methods are listed once more, those that do not wait
/// first; the others answer with a `Result` whose error is a [`Failure`]. The crate needs
/// `tracing`.
#[macro_export]
macro_rules! forward_in_spans {
    ($span:literal for $trait:ident {
        $(fn $get:ident(&self $(, $get_arg:ident: $get_type:ty)*) -> $got:ty;)*
        $(async fn $ask:ident $(<$life:lifetime>)? (
            &self $(, $ask_arg:ident: $ask_type:ty)* $(,)?
        ) -> $answer:ty;)*
    }) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait::async_trait]
        impl<T: $trait> $trait for $crate::Traced<T> {
            $(fn $get(&self $(, $get_arg: $get_type)*) -> $got {
                self.inner().$get($($get_arg),*)
            })*

            $(async fn $ask $(<$life>)? (&self $(, $ask_arg: $ask_type)*) -> $answer {
                #[allow(unused_imports)]
                use $crate::traced::Uncounted as _;
                let counts: &[Option<usize>] = &[$($crate::traced::Given(&$ask_arg).items()),*];
                let span = ::tracing::info_span!(
                    $span,
                    backend = self.backend(),
                    method = stringify!($ask),
                    items = counts.iter().find_map(|count| *count),
                    outcome = ::tracing::field::Empty,
                );
                let answering = self.inner().$ask($($ask_arg),*);
                let answer = ::tracing::Instrument::instrument(answering, span.clone()).await;
                span.record("outcome", $crate::traced::outcome(&answer));
                answer
            })*
        }
    };
}

/// `ok`, or the kind of the error.
#[doc(hidden)]
pub fn outcome<T, E: Failure>(answer: &Result<T, E>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(error) => error.kind().as_str(),
    }
}

/// An argument of a method. Of a list `items` is this type's own method, of all else the
/// trait's, because a type's own methods come first.
#[doc(hidden)]
#[derive(Debug)]
pub struct Given<'a, T>(pub &'a T);

impl<T> Given<'_, &[T]> {
    /// How many.
    pub fn items(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// What is no list.
#[doc(hidden)]
pub trait Uncounted {
    /// None.
    fn items(&self) -> Option<usize> {
        None
    }
}

impl<T> Uncounted for Given<'_, T> {}
