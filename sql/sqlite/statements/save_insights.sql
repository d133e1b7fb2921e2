-- Stores what a language backend said about a call. Touches nothing when the call is unknown
-- or deleted.
-- ?1 call id, ?2 sentiment score, ?3 label, ?4 summary, ?5 topics, ?6 risks, ?7 next steps,
-- ?8 signals, ?9 backend, ?10 model, ?11 now
UPDATE STG_GONG_CALLS
SET SENTIMENT_SCORE = ?2, SENTIMENT_LABEL = ?3, CALL_SUMMARY = ?4, KEY_TOPICS = ?5,
    RISK_INDICATORS = ?6, NEXT_STEPS = ?7, SIGNALS = ?8, INSIGHTS_BACKEND = ?9, INSIGHTS_MODEL = ?10,
    INSIGHTS_AT = ?11
WHERE CALL_ID = ?1 AND DELETED_AT IS NULL
