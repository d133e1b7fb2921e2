-- A transcript is staged. Touches nothing when another payload landed meanwhile.
-- ?1 call id, ?2 payload hash that was read, ?3 now
UPDATE GONG_CALL_TRANSCRIPTS_RAW
SET PROCESSED = 1, STATE_CHANGED_AT = ?3, PROCESSING_ERROR = NULL
WHERE CALL_ID = ?1 AND PAYLOAD_SHA = ?2 AND DELETED_AT IS NULL
