//! `SnowflakeStore` keeps the contract on a Snowflake stand-in, where one is installed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fakesnow;

use std::sync::Arc;

use snowflake_store::{ReadCache, SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, Upkeep};
use testkit::conformance::store::NOT_ON_FAKESNOW;

async fn usual() -> Option<(SnowflakeStore, fakesnow::Server)> {
    fakesnow::store().await
}

/// As if the reply to every commit were lost, with one row a statement and nothing
/// remembered: nothing may depend on what travels together, or be written twice.
async fn adverse() -> Option<(SnowflakeStore, fakesnow::Server)> {
    let (pool, server) = fakesnow::pool()?;
    let config = SnowflakeStoreConfig::default()
        .with_server(SnowflakeServer::Fakesnow)
        .with_read_cache(ReadCache::Off)
        .with_statement_bytes(1);
    let pool = Arc::new(fakesnow::Repeating(pool));
    let store = SnowflakeStore::new(pool, config).unwrap();
    store.migrate().await.unwrap();
    Some((store, server))
}

const READS: &str = "what it reads is written in cases that are repeated";

const NOT_REPEATED: &[(&str, &str)] = &[
    NOT_ON_FAKESNOW[0],
    NOT_ON_FAKESNOW[1],
    NOT_ON_FAKESNOW[2],
    NOT_ON_FAKESNOW[3],
    NOT_ON_FAKESNOW[4],
    (
        "retention_removes_deleted_calls_only",
        "a repetition has nothing left to remove, and says so",
    ),
    ("spelling_of_the_same_json_does_not_matter", READS),
    ("an_empty_page_lands", READS),
    ("known_calls_come_in_pages", READS),
    ("known_calls_of_a_window_go_by_start_or_schedule", READS),
    ("finds_calls_of_a_rep_in_any_case", READS),
    ("finds_calls_by_period_deal_and_state", READS),
    ("lists_calls_in_order", READS),
    ("what_is_unknown_is_empty", READS),
    ("limits_of_zero_give_nothing", READS),
    ("coaching_calls_carry_their_own_figures", READS),
    ("figures_are_means_over_the_calls_that_have_them", READS),
    ("deals_count_once_and_amounts_add_exactly", READS),
    ("a_benchmark_counts_each_rep_once", READS),
    ("a_trend_is_cut_into_parts", READS),
    ("a_trend_needs_parts_of_a_day_at_least", READS),
    ("insights_that_are_not_finite_are_refused", READS),
    ("insights_of_unknown_calls_are_skipped", READS),
    ("words_find_chunks", READS),
    ("a_search_is_words_and_no_language", READS),
    ("odd_transcripts_are_kept_as_they_are", READS),
    ("a_document_of_another_call_is_refused", READS),
    ("pending_calls_come_in_portions", READS),
    ("a_call_has_all_its_deals", READS),
    ("counts_name_every_table", READS),
    ("hostile_text_is_data", READS),
    ("readers_see_whole_pages", READS),
];

testkit::store_conformance!(snowflake, usual, except NOT_ON_FAKESNOW);
testkit::store_conformance!(snowflake_adverse, adverse, except NOT_REPEATED);
