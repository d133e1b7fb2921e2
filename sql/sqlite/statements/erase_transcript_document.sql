-- What is left of a transcript takes its place.
-- ?1 call id, ?2 payload hash, ?3 now, ?4 JSON
UPDATE GONG_CALL_TRANSCRIPTS_RAW
SET PAYLOAD_SHA = ?2, PROCESSED = 0, STATE_CHANGED_AT = ?3, PROCESSING_ERROR = NULL, TRANSCRIPT_DATA = ?4,
    ORIGINAL_TEXT = NULL
WHERE CALL_ID = ?1
