-- Stores the sketches of chunks with ids that follow each other.
-- ?1 id of the first chunk, ?2 model, ?3 dimension, ?4 sketches
INSERT INTO STG_GONG_CHUNK_SKETCHES (FIRST_CHUNK, EMBEDDING_MODEL, EMBEDDING_DIM, SKETCHES)
VALUES (?1, ?2, ?3, ?4)
