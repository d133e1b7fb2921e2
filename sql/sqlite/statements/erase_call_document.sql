-- What is left of a call's document takes its place; it is to be staged again.
-- ?1 call id, ?2 payload hash, ?3 now, ?4 JSON
UPDATE GONG_CALLS_RAW
SET PAYLOAD_SHA = ?2, PROCESSED = 0, STATE_CHANGED_AT = ?3, PROCESSING_ERROR = NULL, RAW_DATA = ?4,
    ORIGINAL_TEXT = NULL
WHERE CALL_ID = ?1
