//! The statements of `sql/sqlite/statements`, one constant per file.

macro_rules! statements {
    ($($constant:ident $file:literal),+ $(,)?) => {
        $(pub(crate) const $constant: &str =
            include_str!(concat!("../../sql/sqlite/statements/", $file, ".sql"));)+

        /// All of them, by file name.
        #[cfg(test)]
        const ALL: &[(&str, &str)] = &[$(($file, $constant)),+];
    };
}

statements![
    ANY_DEAD_LETTER "any_dead_letter",
    CALL "call",
    CALL_DOCUMENT "call_document",
    CALL_KEY "call_key",
    CALLS_FOR_COACHING "calls_for_coaching",
    CALLS_FOR_COACHING_OF_ALL "calls_for_coaching_of_all",
    CHUNK "chunk",
    CHUNK_VECTOR "chunk_vector",
    CLEAR_DEAD_LETTER_OF_DOCUMENT "clear_dead_letter_of_document",
    CLEAR_DEAD_LETTERS_OF_CALL "clear_dead_letters_of_call",
    CLEAR_DEAD_LETTERS_OF_WINDOW "clear_dead_letters_of_window",
    CLEAR_INSIGHTS "clear_insights",
    CLEAR_SENTENCE_SENTIMENTS "clear_sentence_sentiments",
    COLLEAGUES "colleagues",
    COMPANY "company",
    CONTACTS_OF_CALL "contacts_of_call",
    COUNT_ERASED "count_erased",
    COUNT_LIVE_CALLS "count_live_calls",
    DEAD_LETTERS "dead_letters",
    DEALS_OF_CALL "deals_of_call",
    DELETE_CHUNKS "delete_chunks",
    DELETE_COMPANY "delete_company",
    DELETE_CONTACT "delete_contact",
    DELETE_CRM_LINKS "delete_crm_links",
    DELETE_DEAL "delete_deal",
    DELETE_FINDINGS "delete_findings",
    DELETE_OWNER "delete_owner",
    DELETE_PARTICIPANTS "delete_participants",
    DELETE_SENTENCES "delete_sentences",
    DELETE_TOPICS "delete_topics",
    DELETE_TRANSCRIPT "delete_transcript",
    DOCUMENTS_TO_CHECK "documents_to_check",
    ERASABLE_CALLS "erasable_calls",
    ERASABLE_CONTACTS "erasable_contacts",
    ERASABLE_DEALS "erasable_deals",
    ERASABLE_DOCUMENTS "erasable_documents",
    ERASABLE_LETTERS "erasable_letters",
    ERASABLE_OWNERS "erasable_owners",
    ERASABLE_RECORDS "erasable_records",
    ERASABLE_SETTINGS "erasable_settings",
    ERASABLE_TEXTS "erasable_texts",
    ERASE_CALL_DOCUMENT "erase_call_document",
    ERASE_DEAL "erase_deal",
    ERASE_ERRORS "erase_errors",
    ERASE_LETTER "erase_letter",
    ERASE_OWNER "erase_owner",
    ERASE_RAW_CALL "erase_raw_call",
    ERASE_READINGS "erase_readings",
    ERASE_RECORD "erase_record",
    ERASE_REVIEWS "erase_reviews",
    ERASE_SETTINGS "erase_settings",
    ERASE_STAGED_CALL "erase_staged_call",
    ERASE_TRANSCRIPT_DOCUMENT "erase_transcript_document",
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
    FIND_CALLS_NEWEST_FIRST "find_calls_newest_first",
    FIND_CALLS_OF "find_calls_of",
    FIND_CALLS_OF_REP "find_calls_of_rep",
    FIND_CALLS_OLDEST_FIRST "find_calls_oldest_first",
    FOLLOW_SURVIVOR "follow_survivor",
    FORGET_CONVERSATION "forget_conversation",
    FORGET_GONE_RECORD "forget_gone_record",
    FRESHNESS "freshness",
    INDEX_FINDINGS "index_findings",
    KNOWN_CALLS "known_calls",
    KNOWN_CALLS_OF_WINDOW "known_calls_of_window",
    LAND_CALL "land_call",
    LAND_RECORD "land_record",
    LAND_TRANSCRIPT "land_transcript",
    LANDED_CALL "landed_call",
    LANDED_TRANSCRIPT "landed_transcript",
    LEASE "lease",
    MAKE_ERASURE_KEY "make_erasure_key",
    MARK_CALL_DAMAGED "mark_call_damaged",
    MARK_CALL_DELETED "mark_call_deleted",
    MARK_CALL_FAILED "mark_call_failed",
    MARK_CALL_PROCESSED "mark_call_processed",
    MARK_RECORD_DELETED "mark_record_deleted",
    MARK_STAGED_DELETED "mark_staged_deleted",
    MARK_STAGED_FAILED "mark_staged_failed",
    MARK_TRANSCRIPT_DAMAGED "mark_transcript_damaged",
    MARK_TRANSCRIPT_DELETED "mark_transcript_deleted",
    MARK_TRANSCRIPT_FAILED "mark_transcript_failed",
    MARK_TRANSCRIPT_PROCESSED "mark_transcript_processed",
    NAMES_OF_ACCOUNTS "names_of_accounts",
    NAMES_OF_DEALS "names_of_deals",
    NAMES_OF_REPS "names_of_reps",
    NAMES_OF_STAGES "names_of_stages",
    NEWEST_CHUNK "newest_chunk",
    NEWEST_HOLDERS "newest_holders",
    OPEN_RUN "open_run",
    OPTIMIZE_FINDINGS "optimize_findings",
    ORIGIN "origin",
    OTHER_CRM_LINKS "other_crm_links",
    PARTICIPANTS "participants",
    PENDING_CALLS "pending_calls",
    PLAN_CALL "plan_call",
    POSITION "position",
    RAW_DOCUMENTS "raw_documents",
    READINGS "readings",
    RECORD_CLEANUP "record_cleanup",
    RECORD_DEAD_LETTER "record_dead_letter",
    RECORD_PIPELINE_ERROR "record_pipeline_error",
    RECORD_SHA "record_sha",
    RECORD_STATE "record_state",
    RECORDS "records",
    RELEASE_LEASE "release_lease",
    RELINK_CALLS "relink_calls",
    RELINK_OBJECTS "relink_objects",
    RESOLVE_PIPELINE_ERROR "resolve_pipeline_error",
    RESTAGE_CALL "restage_call",
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
    REVIVE_CALL "revive_call",
    SAVE_CHUNK "save_chunk",
    SAVE_COMPANY "save_company",
    SAVE_CONTACT "save_contact",
    SAVE_CRM_MATCH "save_crm_match",
    SAVE_DEAL "save_deal",
    SAVE_ERASED "save_erased",
    SAVE_ERASURE "save_erasure",
    SAVE_GONE_RECORD "save_gone_record",
    SAVE_INSIGHTS "save_insights",
    SAVE_LEASE "save_lease",
    SAVE_OWNER "save_owner",
    SAVE_READING "save_reading",
    SAVE_SENTENCE_SENTIMENT "save_sentence_sentiment",
    SAVE_SKETCHES "save_sketches",
    SAVE_STAGE "save_stage",
    SEARCH_CHUNKS "search_chunks",
    SEARCH_FINDINGS "search_findings",
    SENTENCES "sentences",
    SET_ORIGIN "set_origin",
    SKETCHES "sketches",
    STAGE_CALL "stage_call",
    STAGE_CRM_LINK "stage_crm_link",
    STAGE_FIGURES "stage_figures",
    STAGE_FINDINGS "stage_findings",
    STAGE_PARTICIPANT "stage_participant",
    STAGE_SENTENCE "stage_sentence",
    STAGE_TOPIC "stage_topic",
    STAGED_SENTENCES "staged_sentences",
    SURVIVOR "survivor",
    TABLES "tables",
    TEAM_FIGURES "team_figures",
    TOPICS "topics",
    TRANSCRIPT_DOCUMENT "transcript_document",
    TRY_WRITING "try_writing",
    VECTORS "vectors",
    WANTED_COMPANIES "wanted_companies",
    WANTED_CONTACTS "wanted_contacts",
    WANTED_DEALS "wanted_deals",
    WANTED_MATCHES "wanted_matches",
    WANTED_OWNERS "wanted_owners",
    WATERMARK "watermark",
];

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::ALL;
    use crate::sqlite::migrations;

    #[test]
    fn every_statement_fits_the_schema() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrations::apply(&mut connection).unwrap();
        for (file, sql) in ALL {
            assert!(sql.starts_with("-- "), "{file} does not say what it is for");
            let statement = connection.prepare(sql);
            let statement = statement.unwrap_or_else(|error| panic!("{file}: {error}"));
            // Statements that take the same values say them in one place.
            let elsewhere = sql.lines().find_map(|line| {
                let file = line
                    .strip_prefix("-- Values as in ")?
                    .strip_suffix(".sql.")?;
                ALL.iter().find(|(name, _)| *name == file)
            });
            let said = format!("{sql}\n{}", elsewhere.map_or("", |(_, sql)| sql));
            for parameter in 1..=statement.parameter_count() {
                assert!(
                    said.lines().any(|line| line.starts_with("--")
                        && line.contains(&format!("?{parameter}"))
                        || line.starts_with("--") && line.contains("-?")),
                    "{file} does not say what ?{parameter} is"
                );
            }
        }
    }

    #[test]
    fn every_file_is_a_constant() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/sqlite/statements");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        files.sort();
        let constants: Vec<&str> = ALL.iter().map(|(file, _)| *file).collect();
        assert_eq!(files, constants);
    }
}
