-- Records that a call failed in a stage, or one more attempt. An error that was resolved
-- counts from 1 again.
-- ?1 stage, ?2 call id, ?3 stream, ?4 reason, ?5 correlation id, ?6 now, ?7 reader's version
INSERT INTO PIPELINE_ERRORS
    (STAGE, CALL_ID, STREAM, REASON, CORRELATION_ID, ATTEMPTS, FIRST_FAILED_AT, LAST_FAILED_AT,
     READER_VERSION)
VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?6, ?7)
ON CONFLICT (CALL_ID, STAGE) DO UPDATE SET
    STREAM = excluded.STREAM,
    REASON = excluded.REASON,
    CORRELATION_ID = excluded.CORRELATION_ID,
    ATTEMPTS = CASE WHEN RESOLVED_AT IS NULL THEN ATTEMPTS + 1 ELSE 1 END,
    FIRST_FAILED_AT = CASE WHEN RESOLVED_AT IS NULL THEN FIRST_FAILED_AT ELSE excluded.FIRST_FAILED_AT END,
    LAST_FAILED_AT = excluded.LAST_FAILED_AT,
    READER_VERSION = excluded.READER_VERSION,
    RESOLVED_AT = NULL
