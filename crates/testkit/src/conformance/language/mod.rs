//! What every [`LanguageBackend`](cortex::LanguageBackend) does, whatever the implementation.
//!
//! [`language_backend_suite!`](crate::language_backend_suite) turns the cases into
//! tests. They call every method that the backend declares, and check that the others
//! are refused. A [`LanguageFixture`] declares what the contract leaves open and what the
//! trait does not show: a counter of round trips, a text that fails,
//! canned or varying answers.

// The suite is test code, although it is a library.
#![allow(clippy::expect_used, clippy::panic)]

mod answer;
mod batches;
mod fixture;
mod hostile;
mod meaning;

pub use batches::*;
pub use fixture::LanguageFixture;
pub use hostile::*;
pub use meaning::*;

/// Cases in the suite. Raised with every case, so that none is left out unnoticed.
pub const CASES: usize = 17;

/// Makes the cases of this module tests of one backend.
///
/// Takes a name for the module of tests and an async function that returns a
/// [`LanguageFixture`], with whatever must live as long as it does; then the cases that
/// cannot be tried, so that none is skipped unnoticed (default: none). The calling crate
/// needs `tokio` with its macros.
///
/// ```
/// use cortex::LocalLanguage;
/// use testkit::conformance::language::LanguageFixture;
///
/// async fn local() -> (LanguageFixture, ()) {
///     (LanguageFixture::new(LocalLanguage::new()), ())
/// }
/// testkit::language_backend_suite!(
///     local_language,
///     local,
///     skips: [answers_an_empty_batch_without_a_round_trip, a_bad_item_fails_alone]
/// );
/// ```
#[macro_export]
macro_rules! language_backend_suite {
    ($module:ident, $make:ident) => {
        $crate::language_backend_suite!($module, $make, skips: []);
    };
    ($module:ident, $make:ident, skips: [$($skipped:ident),*]) => {
        $crate::language_backend_suite!(@cases $module, $make, [$($skipped),*]
            tells_what_it_is
            refuses_what_it_does_not_declare
            answers_an_empty_batch_without_a_round_trip
            answers_in_order
            answers_duplicates_alike
            takes_batches_beyond_its_limit
            a_bad_item_fails_alone
            answers_alike_at_once_and_after_a_dropped_request
            tones_are_on_one_scale
            summaries_keep_to_their_limit
            vectors_can_be_compared
            labels_are_those_asked_for
            findings_are_those_wanted
            completions_have_a_value_for_a_schema
            readings_cite_what_was_said
            survives_hostile_text
            takes_very_long_texts
        );
    };
    (@cases $module:ident, $make:ident, [$($skipped:ident),*] $($case:ident)+) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $case() {
                    let (fixture, _guard) = super::$make().await;
                    $crate::conformance::language::$case(&fixture).await;
                }
            )+

            #[tokio::test]
            async fn no_case_is_left_out() {
                let cases = [$(stringify!($case)),+];
                assert_eq!(cases.len(), $crate::conformance::language::CASES);
                let (fixture, _guard) = super::$make().await;
                let skips: &[&str] = &[$(stringify!($skipped)),*];
                assert_eq!(fixture.skipped(), skips);
            }
        }
    };
}
