-- A transcript could not be read. Touches nothing when another payload landed meanwhile.
-- ?1 call id, ?2 payload hash that was read, ?3 now, ?4 reason
UPDATE GONG_CALL_TRANSCRIPTS_RAW
SET PROCESSED = 0, STATE_CHANGED_AT = ?3, PROCESSING_ERROR = ?4
WHERE CALL_ID = ?1 AND PAYLOAD_SHA = ?2 AND DELETED_AT IS NULL
