-- The id of the newest chunk; 0 without chunks.
SELECT COALESCE(MAX(CHUNK_ID), 0) FROM STG_GONG_TRANSCRIPT_CHUNKS
