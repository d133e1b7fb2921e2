-- Stores what a language backend said about a call. Touches nothing when the call is unknown
-- or deleted, or has another transcript by now.
-- ?1 call id, ?2 sentiment score, ?3 label, ?4 summary, ?5 topics, ?6 risks, ?7 next steps,
-- ?8 backend, ?9 model, ?10 now, ?11 transcript's hash or null for any
UPDATE STG_GONG_CALLS
SET SENTIMENT_SCORE = ?2, SENTIMENT_LABEL = ?3, CALL_SUMMARY = ?4, KEY_TOPICS = ?5,
    RISK_INDICATORS = ?6, NEXT_STEPS = ?7, SIGNALS = NULL, INSIGHTS_BACKEND = ?8, INSIGHTS_MODEL = ?9,
    INSIGHTS_AT = ?10
WHERE CALL_ID = ?1 AND DELETED_AT IS NULL AND (?11 IS NULL OR SENTENCES_SHA = ?11)
