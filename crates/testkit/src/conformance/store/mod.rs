//! What every [`CallStore`] does, whatever the implementation.
//!
//! [`store_conformance!`](crate::store_conformance) turns the cases into tests.
//! Each case gets its own migrated, empty store, and uses it
//! only through the contract. What cannot be provoked from outside (a transaction
//! that fails half way, a process that dies) each store tests by itself.

// The suite is test code, although it is a library.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use snowflake_store::{
    CallDetail, CallStore, Landed, LandingPage, Result, TransformReport, TransformScope, Window,
};

mod concurrency;
mod crm;
mod crm_links;
mod dead_letters;
mod deletion;
mod documents;
mod erasure;
mod exports;
mod figures;
mod filters;
mod findings;
mod hostile;
mod insights;
mod landing;
mod leases;
mod letters;
mod listing;
mod mirror;
mod odd_documents;
mod readings;
mod records;
mod runs;
mod search;
mod transform;
mod upkeep;
mod withdrawal;

pub use concurrency::*;
pub use crm::*;
pub use crm_links::*;
pub use dead_letters::*;
pub use deletion::*;
pub use documents::{CallDocument, Line, transcript_document};
pub use erasure::*;
pub use exports::*;
pub use figures::*;
pub use filters::*;
pub use findings::*;
pub use hostile::*;
pub use insights::*;
pub use landing::*;
pub use leases::*;
pub use letters::*;
pub use listing::*;
pub use mirror::*;
pub use odd_documents::*;
pub use readings::*;
pub use records::*;
pub use runs::*;
pub use search::*;
pub use transform::*;
pub use upkeep::*;
pub use withdrawal::*;

/// Cases in the suite. Raised with every case, so that none is left out unseen.
pub const CASES: usize = 120;

/// Cases that a store on fakesnow leaves out, and why. `cargo xtask test` counts the lines
/// that they print.
pub const NOT_ON_FAKESNOW: &[(&str, &str)] = &[
    (
        "instants_are_kept_to_the_nanosecond",
        "fakesnow keeps microseconds",
    ),
    (
        "one_of_many_gets_a_lease",
        "in fakesnow a transaction fails where in Snowflake it waits for a lock",
    ),
];

/// Makes the cases of this module tests of one store.
///
/// Takes a name for the module of tests and an async function that returns a store,
/// migrated and empty, with whatever must live as long as it does. The calling
/// crate needs `tokio` with its macros.
///
/// ```
/// use snowflake_store::SqliteStore;
///
/// async fn in_memory() -> (SqliteStore, ()) {
///     (SqliteStore::in_memory().await.expect("a temporary folder"), ())
/// }
/// testkit::store_conformance!(sqlite_in_memory, in_memory);
/// ```
///
/// With `except LIST` cases are left out by name, each with its reason and a line on
/// stderr; the function then returns an option, and without a store every case is left
/// out.
#[macro_export]
macro_rules! store_conformance {
    ($module:ident, $make:ident) => {
        $crate::store_conformance!(@all $module, &[], || async { Some($make().await) });
    };
    ($module:ident, $make:ident, except $except:expr) => {
        $crate::store_conformance!(@all $module, $except, $make);
    };
    (@all $module:ident, $except:expr, $make:expr) => {
        $crate::store_conformance!(@cases $module, $except, $make,
            new_documents_are_inserted
            landing_again_changes_nothing
            spelling_of_the_same_json_does_not_matter
            a_changed_payload_is_an_update
            the_last_of_duplicates_wins
            an_empty_page_lands
            what_was_not_transformed_is_still_to_do
            known_calls_come_in_pages
            known_calls_of_a_window_go_by_start_or_schedule
            deletion_removes_what_was_derived
            deleting_what_is_not_there_changes_nothing
            a_landed_document_revives_a_deleted_call
            a_page_that_holds_a_call_does_not_delete_it
            a_withdrawn_transcript_leaves_nothing
            withdrawing_what_is_not_there_changes_nothing
            a_transcript_on_the_page_is_not_withdrawn
            a_withdrawn_transcript_is_at_fault_no_longer
            a_transcript_may_be_withdrawn_without_its_call
            a_store_remembers_whom_it_mirrors
            live_calls_are_counted
            documents_are_found_as_they_landed
            a_run_is_open_until_it_is_finished
            windows_that_are_done_are_kept_with_their_run
            the_watermark_is_the_latest_that_was_set
            the_watermark_tells_when_its_run_began
            positions_are_kept_by_stream
            instants_are_kept_to_the_nanosecond
            dead_letters_count_their_attempts
            a_landed_document_clears_its_dead_letter
            a_deleted_call_has_no_dead_letters
            a_done_window_clears_the_dead_letters_of_its_spans
            rolling_checkpoints_clear_no_dead_letter
            a_record_outlives_the_window_it_was_met_in
            a_record_has_one_dead_letter_with_its_shortest_span
            dead_letters_come_in_pages
            a_retired_dead_letter_is_out_of_sight
            stages_all_of_a_call
            a_transcript_may_land_before_its_call
            a_transcript_may_land_late
            a_bad_call_holds_up_no_other
            a_bad_transcript_leaves_its_call_readable
            an_edit_replaces_the_sentences
            a_transform_does_only_what_is_to_do
            pending_calls_come_in_portions
            odd_transcripts_are_kept_as_they_are
            a_document_of_another_call_is_refused
            odd_values_are_left_out_and_noted
            odd_times_of_sentences_are_read_or_follow_the_one_before
            what_no_store_can_hold_is_cleaned
            a_document_that_is_too_large_lands_nothing_of_its_page
            finds_calls_of_a_rep_in_any_case
            finds_calls_by_period_deal_and_state
            finds_calls_by_people_company_stage_type_and_words
            names_what_calls_know
            finds_the_calls_of_a_team
            lists_calls_in_order
            what_is_unknown_is_empty
            limits_of_zero_give_nothing
            coaching_calls_carry_their_own_figures
            figures_are_means_over_the_calls_that_have_them
            deals_count_once_and_amounts_add_exactly
            a_benchmark_counts_each_rep_once
            team_figures_stand_by_rep_and_outcome
            insights_read_back
            insights_replace_earlier_ones
            insights_of_unknown_calls_are_skipped
            insights_that_are_not_finite_are_refused
            readings_are_kept_by_reader
            what_was_read_of_another_transcript_is_not_stored
            readings_go_with_their_transcript
            calls_without_a_reading_are_listed
            readings_that_are_not_finite_are_refused
            similar_chunks_come_by_cosine
            vectors_of_different_models_are_not_compared
            vectors_go_with_their_calls
            words_find_chunks
            a_search_is_words_and_no_language
            what_gong_found_reads_back
            what_gong_wrote_is_found_by_words
            what_gong_found_goes_with_its_call
            records_are_landed_by_what_they_hold
            records_are_found_by_day
            retention_removes_deleted_records
            an_erased_user_goes_with_their_records
            reviews_go_with_their_call
            reviews_go_with_an_erased_persons_call
            the_crm_mirror_reads_back
            deals_whose_amount_no_store_holds_are_refused
            the_stage_at_the_time_of_a_call_may_come_from_the_crm
            wanted_records_are_missing_or_old
            records_of_mirrored_deals_are_wanted
            gone_records_are_not_wanted_until_the_answer_is_old
            merged_records_stand_for_their_survivor
            a_call_has_all_its_deals
            calls_without_context_are_to_be_matched
            a_match_stands_until_the_call_changes
            gong_context_is_no_match
            migrating_again_applies_nothing
            freshness_says_what_waits
            counts_name_every_table
            retention_removes_deleted_calls_only
            one_owner_at_a_time_has_a_lease
            an_expired_lease_is_free
            an_owner_that_has_ended_has_no_lease
            one_of_many_gets_a_lease
            leases_have_a_name_and_an_end
            retention_keeps_what_the_next_run_needs
            a_preview_of_retention_changes_nothing
            retention_takes_what_belongs_to_a_call
            an_erased_person_leaves_the_call_of_the_others
            an_erased_person_does_not_come_back
            what_was_read_before_an_erasure_does_not_name_the_person
            a_dry_run_erases_nothing
            what_others_say_of_a_person_is_found
            an_erased_call_does_not_come_back
            subjects_that_cannot_be_are_refused
            exports_hold_what_is_served
            hostile_text_is_data
            hostile_models_are_data
            readers_see_whole_pages
        );
    };
    (@cases $module:ident, $except:expr, $make:expr, $($case:ident)+) => {
        mod $module {
            use super::*;

            const EXCEPT: &[(&str, &str)] = $except;

            $(
                #[tokio::test]
                async fn $case() {
                    let left_out = EXCEPT.iter().find(|(case, _)| *case == stringify!($case));
                    if let Some((case, reason)) = left_out {
                        eprintln!("skipped: {case}: {reason}");
                        return;
                    }
                    let make = $make;
                    let Some((store, _guard)) = make().await else { return };
                    $crate::conformance::store::$case(&store).await;
                }
            )+

            #[test]
            fn no_case_is_left_out() {
                let cases = [$(stringify!($case)),+];
                assert_eq!(cases.len(), $crate::conformance::store::CASES);
                for (case, _) in EXCEPT {
                    assert!(cases.contains(case), "{case} is no case");
                }
            }
        }
    };
}

/// The rows of a table, by its name.
pub(crate) async fn rows(store: &dyn CallStore, table: &str) -> u64 {
    let counts = done(store.counts().await);
    let count = counts.iter().find(|count| count.table == table);
    count
        .unwrap_or_else(|| panic!("{table} is not counted"))
        .rows
}

/// The value of an operation that has no reason to fail.
pub(crate) fn done<T>(result: Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("{error:?}"))
}

/// Lands a page.
pub(crate) async fn land(store: &dyn CallStore, page: LandingPage) -> Landed {
    done(store.land(page).await)
}

/// Lands a page and transforms what changed.
pub(crate) async fn load(store: &dyn CallStore, page: LandingPage) -> TransformReport {
    let landed = land(store, page).await;
    done(store.transform(TransformScope::Calls(landed.changed)).await)
}

/// As [`load`]; nothing of it may fail.
pub(crate) async fn load_well(store: &dyn CallStore, page: LandingPage) {
    let report = load(store, page).await;
    assert_eq!(report.failed, []);
}

/// A call that has to be there.
pub(crate) async fn detail(store: &dyn CallStore, id: &str) -> CallDetail {
    let detail = done(store.call_detail(&id.into()).await);
    detail.unwrap_or_else(|| panic!("call {id} is not there"))
}

/// Whether a call is there.
pub(crate) async fn is_there(store: &dyn CallStore, id: &str) -> bool {
    done(store.call_detail(&id.into()).await).is_some()
}

/// A span from its ends.
pub(crate) fn window(from: &str, to: &str) -> Window {
    Window {
        from: at(from),
        to: at(to),
    }
}

/// An instant; a date alone is its first moment.
pub(crate) fn at(text: &str) -> calls::Timestamp {
    let text = if text.contains('T') {
        text.to_owned()
    } else {
        format!("{text}T00:00:00Z")
    };
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Everything in 2026, when all calls of the suite take place.
pub(crate) fn year() -> Window {
    window("2026-01-01", "2027-01-01")
}
