-- Gong no longer serves a call: its transcript.
-- ?1 call id, ?2 now
UPDATE GONG_CALL_TRANSCRIPTS_RAW SET DELETED_AT = ?2 WHERE CALL_ID = ?1 AND DELETED_AT IS NULL
