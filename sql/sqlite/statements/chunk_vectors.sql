-- Vectors of one model and dimension, to compare.
-- ?1 model, ?2 dimension, ?3 call to leave out or null
SELECT CHUNK_ID, EMBEDDING_VECTOR
FROM STG_GONG_TRANSCRIPT_CHUNKS
WHERE EMBEDDING_MODEL = ?1 AND EMBEDDING_DIM = ?2 AND (?3 IS NULL OR CALL_ID <> ?3)
