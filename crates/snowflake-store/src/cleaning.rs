//! What retention removes, once for both stores.

/// What retention does for a policy, by statements of a store.
pub(crate) struct Cleaning<S> {
    /// The table that the policy names.
    pub(crate) policy: &'static str,
    /// Whether its rows hold what was said, of which SQLite leaves no trace in the file.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
    pub(crate) of_words: bool,
    /// Tables with the statements that remove their rows; the last one is the policy's own, so
    /// that the others can go by it.
    pub(crate) steps: Vec<(&'static str, S)>,
}

/// All cleanings, by the constants of a module of statements.
macro_rules! cleanings {
    ($statements:ident) => {
        vec![
            $crate::cleaning::Cleaning {
                policy: "STG_GONG_CALLS",
                of_words: true,
                steps: vec![
                    (
                        "STG_GONG_CALL_TRANSCRIPTS",
                        $statements::RETAIN_STAGED_CALLS_SENTENCES,
                    ),
                    (
                        "STG_GONG_CALL_PARTICIPANTS",
                        $statements::RETAIN_STAGED_CALLS_PARTICIPANTS,
                    ),
                    (
                        "STG_GONG_CALL_TOPICS",
                        $statements::RETAIN_STAGED_CALLS_TOPICS,
                    ),
                    (
                        "STG_GONG_CALL_CRM_LINKS",
                        $statements::RETAIN_STAGED_CALLS_CRM_LINKS,
                    ),
                    (
                        "STG_GONG_TRANSCRIPT_CHUNKS",
                        $statements::RETAIN_STAGED_CALLS_CHUNKS,
                    ),
                    ("CALL_READINGS", $statements::RETAIN_STAGED_CALLS_READINGS),
                    (
                        "GONG_DEAD_LETTERS",
                        $statements::RETAIN_STAGED_CALLS_LETTERS,
                    ),
                    ("PIPELINE_ERRORS", $statements::RETAIN_STAGED_CALLS_ERRORS),
                    ("GONG_RECORDS_RAW", $statements::RETAIN_STAGED_CALLS_REVIEWS),
                    ("GONG_CALLS_RAW", $statements::RETAIN_STAGED_CALLS_RAW_CALL),
                    (
                        "GONG_CALL_TRANSCRIPTS_RAW",
                        $statements::RETAIN_STAGED_CALLS_RAW_TRANSCRIPT,
                    ),
                    ("STG_GONG_CALLS", $statements::RETAIN_STAGED_CALLS),
                ],
            },
            $crate::cleaning::Cleaning {
                policy: "GONG_CALLS_RAW",
                of_words: true,
                steps: vec![
                    ("GONG_RECORDS_RAW", $statements::RETAIN_RECORDS),
                    ("GONG_RECORDS_RAW", $statements::RETAIN_RAW_CALLS_REVIEWS),
                    ("STG_GONG_CALLS", $statements::RETAIN_RAW_CALLS_STAGED),
                    ("GONG_CALLS_RAW", $statements::RETAIN_RAW_CALLS),
                ],
            },
            $crate::cleaning::Cleaning {
                policy: "GONG_CALL_TRANSCRIPTS_RAW",
                of_words: true,
                steps: vec![(
                    "GONG_CALL_TRANSCRIPTS_RAW",
                    $statements::RETAIN_RAW_TRANSCRIPTS,
                )],
            },
            $crate::cleaning::Cleaning {
                policy: "GONG_INGESTION_STATE",
                of_words: false,
                steps: vec![("GONG_INGESTION_STATE", $statements::RETAIN_INGESTION_STATE)],
            },
            $crate::cleaning::Cleaning {
                policy: "GONG_DEAD_LETTERS",
                of_words: true,
                steps: vec![("GONG_DEAD_LETTERS", $statements::RETAIN_DEAD_LETTERS)],
            },
            $crate::cleaning::Cleaning {
                policy: "PIPELINE_ERRORS",
                of_words: false,
                steps: vec![("PIPELINE_ERRORS", $statements::RETAIN_PIPELINE_ERRORS)],
            },
        ]
    };
}

pub(crate) use cleanings;
