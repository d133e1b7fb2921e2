-- A transcript's document with the hash it landed with.
-- ?1 call id
SELECT PAYLOAD_SHA, TRANSCRIPT_DATA FROM GONG_CALL_TRANSCRIPTS_RAW WHERE CALL_ID = ?1 AND DELETED_AT IS NULL
