-- Stores a reading in the place of an earlier one of the same transcript and reader. Stores nothing when the transcript
-- is another by now, or gone.
-- ?1 call id, ?2 transcript's hash, ?3 backend, ?4 model, ?5 read at, ?6 call type, ?7 deal health, ?8 why, ?9 summary,
-- ?10 requests, ?11 failed, ?12 whether reading again may give more, ?13 all of it
INSERT OR REPLACE INTO CALL_READINGS
    (CALL_ID, TRANSCRIPT_SHA, BACKEND, MODEL, READ_AT, CALL_TYPE, DEAL_HEALTH, DEAL_HEALTH_WHY, SUMMARY,
     REQUESTS, FAILED, IS_RETRYABLE, READING)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
FROM STG_GONG_CALLS
WHERE CALL_ID = ?1 AND SENTENCES_SHA = ?2 AND DELETED_AT IS NULL
