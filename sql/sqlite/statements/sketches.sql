-- Sketches of vectors of one model and dimension, to compare.
-- ?1 model, ?2 dimension, ?3 call to leave out or null
SELECT FIRST_CHUNK, SKETCHES
FROM STG_GONG_CHUNK_SKETCHES
WHERE EMBEDDING_MODEL = ?1 AND EMBEDDING_DIM = ?2
    AND FIRST_CHUNK NOT IN (SELECT CHUNK_ID FROM STG_GONG_TRANSCRIPT_CHUNKS WHERE CALL_ID = ?3)
