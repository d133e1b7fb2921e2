-- Transcripts of calls that Gong stopped serving before an instant.
-- ? instant
DELETE FROM GONG_CALL_TRANSCRIPTS_RAW
WHERE DELETED_AT < CAST(? AS TIMESTAMP_LTZ)
