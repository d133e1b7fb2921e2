-- A transcript of a deleted call landed again: the call is served after all.
-- ?1 call id, ?2 now
UPDATE GONG_CALLS_RAW
SET DELETED_AT = NULL, PROCESSED = 0, PROCESSING_ERROR = NULL, STATE_CHANGED_AT = ?2
WHERE CALL_ID = ?1 AND DELETED_AT IS NOT NULL
