-- Transcripts of calls that Gong stopped serving before an instant.
-- ?1 instant
DELETE FROM GONG_CALL_TRANSCRIPTS_RAW WHERE DELETED_AT < ?1
