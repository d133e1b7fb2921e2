-- A call has lost its transcript: it is staged anew.
-- ?1 call id, ?2 now
UPDATE GONG_CALLS_RAW
SET PROCESSED = 0, PROCESSING_ERROR = NULL, STATE_CHANGED_AT = ?2
WHERE CALL_ID = ?1 AND DELETED_AT IS NULL
