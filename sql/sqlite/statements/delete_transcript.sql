-- Gong no longer serves a transcript, while it serves the call.
-- ?1 call id
DELETE FROM GONG_CALL_TRANSCRIPTS_RAW WHERE CALL_ID = ?1
