-- Stores a chunk; a trigger puts it into the word index.
-- ?1 call id, ?2 first sentence, ?3 last sentence, ?4 sentiment, ?5 model, ?6 dimension, ?7 vector,
-- ?8 text
INSERT INTO STG_GONG_TRANSCRIPT_CHUNKS
    (CALL_ID, FIRST_SENTENCE, LAST_SENTENCE, CHUNK_SENTIMENT, EMBEDDING_MODEL, EMBEDDING_DIM,
     EMBEDDING_VECTOR, CHUNK_TEXT)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
