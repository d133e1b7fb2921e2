//! The statements of `sql/snowflake/statements` that the store runs, one constant per file.

use snowflake_sql::{SqlText, Statement};

/// A statement without its values.
#[derive(Debug)]
pub(super) struct Query {
    name: &'static str,
    text: SqlText,
}

impl Query {
    /// The statement, to bind values to.
    pub(super) fn statement(self) -> Statement {
        Statement::new(self.name, self.text)
    }
}

macro_rules! statements {
    ($($(#[$attribute:meta])* $constant:ident $file:literal),+ $(,)?) => {
        $($(#[$attribute])* pub(super) const $constant: Query = Query {
            name: $file,
            text: SqlText::fixed(include_str!(concat!(
                "../../sql/snowflake/statements/", $file, ".sql"
            ))),
        };)+

        /// All of them, by file name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, Query)] = &[$(($file, $constant)),+];
    };
}

/// A template: its slot is the dimension of the vectors.
pub(super) const SIMILAR_CHUNKS: &str =
    include_str!("../../sql/snowflake/statements/similar_chunks.sql");

statements![
    ACQUIRE_LEASE "acquire_lease",
    AI_DISABLE_READERS "ai_disable_readers",
    AI_SET_READER "ai_set_reader",
    CALL_DETAIL "call_detail",
    CALLS_FOR_COACHING "calls_for_coaching",
    CLEAR_CHUNKS "clear_chunks",
    CLEAR_DEAD_LETTERS_OF_CALLS "clear_dead_letters_of_calls",
    CLEAR_DEAD_LETTERS_OF_DOCUMENTS "clear_dead_letters_of_documents",
    CLEAR_DEAD_LETTERS_OF_WINDOW "clear_dead_letters_of_window",
    CLEAR_SENTENCE_SENTIMENTS "clear_sentence_sentiments",
    CLEAR_STREAMED_CALLS "clear_streamed_calls",
    CLEAR_STREAMED_TRANSCRIPTS "clear_streamed_transcripts",
    COLLEAGUES "colleagues",
    COUNT_LIVE_CALLS "count_live_calls",
    COUNTS "counts",
    CREATE_SCHEMA_HISTORY "create_schema_history",
    CREDITS "credits",
    CURRENT_CALLS "current_calls",
    DEAD_LETTERS "dead_letters",
    DELETE_CHANGED_CHUNKS "delete_changed_chunks",
    DELETE_CHANGED_SENTENCES "delete_changed_sentences",
    DELETE_CHUNKS "delete_chunks",
    DELETE_COMPANIES "delete_companies",
    DELETE_CONTACTS "delete_contacts",
    DELETE_CRM_LINKS "delete_crm_links",
    DELETE_DEALS "delete_deals",
    DELETE_MATCHED_LINKS "delete_matched_links",
    DELETE_OWNERS "delete_owners",
    DELETE_PARTICIPANTS "delete_participants",
    DELETE_SENTENCES "delete_sentences",
    DELETE_STAGED_CRM_LINKS "delete_staged_crm_links",
    DELETE_STAGED_PARTICIPANTS "delete_staged_participants",
    DELETE_STAGED_TOPICS "delete_staged_topics",
    DELETE_STREAMED_TRANSCRIPTS "delete_streamed_transcripts",
    DELETE_TOPICS "delete_topics",
    DELETE_TRANSCRIPTS "delete_transcripts",
    ERASABLE_CALLS "erasable_calls",
    ERASABLE_CONTACTS "erasable_contacts",
    ERASABLE_DEALS "erasable_deals",
    ERASABLE_DOCUMENTS "erasable_documents",
    ERASABLE_ERRORS "erasable_errors",
    ERASABLE_LETTERS "erasable_letters",
    ERASABLE_NUMBERS "erasable_numbers",
    ERASABLE_OWNERS "erasable_owners",
    ERASABLE_RECORDS "erasable_records",
    ERASABLE_SETTINGS "erasable_settings",
    ERASABLE_TEXTS "erasable_texts",
    ERASE_CALL_DOCUMENTS "erase_call_documents",
    ERASE_DEALS "erase_deals",
    ERASE_ERRORS "erase_errors",
    ERASE_LETTERS "erase_letters",
    ERASE_OWNERS "erase_owners",
    ERASE_PROCEDURE_ERRORS "erase_procedure_errors",
    ERASE_RAW_CALLS "erase_raw_calls",
    ERASE_READINGS "erase_readings",
    ERASE_RECORDS "erase_records",
    ERASE_REVIEWS "erase_reviews",
    ERASE_SETTINGS "erase_settings",
    ERASE_STAGED_CALLS "erase_staged_calls",
    ERASE_STREAMED_CALLS "erase_streamed_calls",
    ERASE_TRANSCRIPT_DOCUMENTS "erase_transcript_documents",
    ERASED "erased",
    EXPORT_CALLS "export_calls",
    EXPORT_CHUNKS "export_chunks",
    EXPORT_COMPANIES "export_companies",
    EXPORT_CONTACTS "export_contacts",
    EXPORT_CRM_LINKS "export_crm_links",
    EXPORT_DEALS "export_deals",
    EXPORT_ENRICHED_CALLS "export_enriched_calls",
    EXPORT_GONG_FINDINGS "export_gong_findings",
    EXPORT_NEXT_STEPS "export_next_steps",
    EXPORT_OWNERS "export_owners",
    EXPORT_PARTICIPANTS "export_participants",
    EXPORT_PUSHBACK "export_pushback",
    EXPORT_READING_ITEMS "export_reading_items",
    EXPORT_READINGS "export_readings",
    EXPORT_SALES_PERFORMANCE "export_sales_performance",
    EXPORT_SENTENCES "export_sentences",
    EXPORT_STAGES "export_stages",
    EXPORT_TOPICS "export_topics",
    EXPORTABLE_CALLS "exportable_calls",
    FIND_CALLS "find_calls",
    FOLLOW_SURVIVORS "follow_survivors",
    FORGET_CONVERSATIONS "forget_conversations",
    FORGET_GONE_RECORDS "forget_gone_records",
    FORGET_READINGS "forget_readings",
    FOUND_CHUNKS "found_chunks",
    FRESHNESS "freshness",
    HEALTH "health",
    KNOWN_CALLS "known_calls",
    LAND_CALLS "land_calls",
    LAND_RECORDS "land_records",
    LAND_TRANSCRIPTS "land_transcripts",
    LANDED_DOCUMENTS "landed_documents",
    LEASE "lease",
    LOCK_LEASES "lock_leases",
    LOCK_STAGING "lock_staging",
    MARK_CALLS_DELETED "mark_calls_deleted",
    MARK_CALLS_TRANSFORMED "mark_calls_transformed",
    MARK_RECORDS_DELETED "mark_records_deleted",
    MARK_STAGED_DELETED "mark_staged_deleted",
    MARK_STAGED_FAILED "mark_staged_failed",
    MARK_TRANSCRIPTS_DELETED "mark_transcripts_deleted",
    MARK_TRANSCRIPTS_TRANSFORMED "mark_transcripts_transformed",
    MERGE_STREAMED_CALLS "merge_streamed_calls",
    MERGE_STREAMED_TRANSCRIPTS "merge_streamed_transcripts",
    NAMES_OF_ACCOUNTS "names_of_accounts",
    NAMES_OF_DEALS "names_of_deals",
    NAMES_OF_REPS "names_of_reps",
    NAMES_OF_STAGES "names_of_stages",
    OPEN_RUN "open_run",
    ORIGIN "origin",
    PENDING_CALLS "pending_calls",
    #[cfg_attr(not(feature = "streaming"), allow(dead_code, reason = "rows are not streamed"))]
    PLACE "place",
    PLAN_TRANSFORM "plan_transform",
    POSITION "position",
    RAW_DOCUMENTS "raw_documents",
    READINGS "readings",
    RECORD_CLEANUPS "record_cleanups",
    RECORD_DEAD_LETTERS "record_dead_letters",
    RECORD_MIGRATION "record_migration",
    RECORD_PIPELINE_ERRORS "record_pipeline_errors",
    RECORD_SHAS "record_shas",
    RECORD_STATE "record_state",
    RECORDS "records",
    RELEASE_LEASE "release_lease",
    RELINK_COMPANIES "relink_companies",
    RELINK_CONTACTS "relink_contacts",
    RELINK_DEALS "relink_deals",
    RELINK_OBJECTS "relink_objects",
    RESOLVE_PIPELINE_ERRORS "resolve_pipeline_errors",
    RESTAGE_CALLS "restage_calls",
    RESTAGE_CALLS_OF_TASKS "restage_calls_of_tasks",
    RETAIN_CONTACTS "retain_contacts",
    RETAIN_DEAD_LETTERS "retain_dead_letters",
    RETAIN_INGESTION_STATE "retain_ingestion_state",
    RETAIN_PIPELINE_ERRORS "retain_pipeline_errors",
    RETAIN_RAW_CALLS "retain_raw_calls",
    RETAIN_RAW_CALLS_REVIEWS "retain_raw_calls_reviews",
    RETAIN_RAW_CALLS_STAGED "retain_raw_calls_staged",
    RETAIN_RAW_TRANSCRIPTS "retain_raw_transcripts",
    RETAIN_RECORDS "retain_records",
    RETAIN_STAGED_CALLS "retain_staged_calls",
    RETAIN_STAGED_CALLS_CHUNKS "retain_staged_calls_chunks",
    RETAIN_STAGED_CALLS_CRM_LINKS "retain_staged_calls_crm_links",
    RETAIN_STAGED_CALLS_ERRORS "retain_staged_calls_errors",
    RETAIN_STAGED_CALLS_LETTERS "retain_staged_calls_letters",
    RETAIN_STAGED_CALLS_PARTICIPANTS "retain_staged_calls_participants",
    RETAIN_STAGED_CALLS_RAW_CALL "retain_staged_calls_raw_call",
    RETAIN_STAGED_CALLS_RAW_TRANSCRIPT "retain_staged_calls_raw_transcript",
    RETAIN_STAGED_CALLS_READINGS "retain_staged_calls_readings",
    RETAIN_STAGED_CALLS_REVIEWS "retain_staged_calls_reviews",
    RETAIN_STAGED_CALLS_SENTENCES "retain_staged_calls_sentences",
    RETAIN_STAGED_CALLS_TOPICS "retain_staged_calls_topics",
    RETENTION_POLICIES "retention_policies",
    RETIRE_DEAD_LETTER "retire_dead_letter",
    REVIVE_CALLS "revive_calls",
    SAVE_CHUNKS "save_chunks",
    SAVE_COMPANIES "save_companies",
    SAVE_CONTACTS "save_contacts",
    SAVE_CRM_MATCHES "save_crm_matches",
    SAVE_DEALS "save_deals",
    SAVE_ERASED "save_erased",
    SAVE_ERASURE "save_erasure",
    SAVE_GONE_RECORDS "save_gone_records",
    SAVE_INSIGHTS "save_insights",
    SAVE_MATCHED_LINKS "save_matched_links",
    SAVE_OWNERS "save_owners",
    SAVE_READINGS "save_readings",
    SAVE_SENTENCE_SENTIMENTS "save_sentence_sentiments",
    SAVE_STAGES "save_stages",
    SCHEMA_HISTORY "schema_history",
    SEARCH_CHUNKS "search_chunks",
    SEARCH_FINDINGS "search_findings",
    SET_ORIGIN "set_origin",
    SET_WRITER "set_writer",
    SETUP_RECORDS "setup_records",
    STAGE_CALLS "stage_calls",
    STAGE_CRM_LINKS "stage_crm_links",
    STAGE_PARTICIPANTS "stage_participants",
    STAGE_SENTENCES "stage_sentences",
    STAGE_TOPICS "stage_topics",
    TEAM_FIGURES "team_figures",
    TIME_TRAVEL "time_travel",
    TRANSFORM_CALLS "transform_calls",
    TRANSFORM_CLEAR_QUEUE "transform_clear_queue",
    TRANSFORM_COUNT_SENTENCES "transform_count_sentences",
    TRANSFORM_DELETE_CHUNKS "transform_delete_chunks",
    TRANSFORM_DELETE_PARTICIPANTS "transform_delete_participants",
    TRANSFORM_DELETE_SENTENCES "transform_delete_sentences",
    TRANSFORM_FILL_QUEUE "transform_fill_queue",
    TRANSFORM_FORGET_ANALYSIS "transform_forget_analysis",
    TRANSFORM_HASH_SENTENCES "transform_hash_sentences",
    TRANSFORM_MARK_CALLS "transform_mark_calls",
    TRANSFORM_MARK_TRANSCRIPTS "transform_mark_transcripts",
    TRANSFORM_PARTICIPANTS "transform_participants",
    TRANSFORM_REFUSE_CALLS "transform_refuse_calls",
    TRANSFORM_SENTENCES "transform_sentences",
    TRY_WRITING "try_writing",
    WANTED "wanted",
    WATERMARK "watermark",
    WRITER "writer",
];

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn files_say_what_their_values_are() {
        for (file, query) in ALL {
            let text = query.text.as_str();
            let (comments, body): (Vec<&str>, Vec<&str>) = text
                .lines()
                .partition(|line| line.trim_start().starts_with("--"));
            let placeholders = body.join("\n").matches('?').count();
            let told = comments.iter().any(|line| line.starts_with("-- ?"));
            assert_eq!(
                placeholders > 0,
                told,
                "{file} does not say what its values are"
            );
        }
    }

    #[test]
    fn constants_are_in_the_order_of_their_files() {
        assert!(ALL.is_sorted_by_key(|(file, _)| *file));
    }
}
