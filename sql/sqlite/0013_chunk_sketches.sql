-- What a search by meaning reads of every chunk: the sketch of its vector, 128 bytes where the vector has thousands.
-- The chunks of a call stand side by side and are read as one row. The build writes the rows that an earlier one lacks.

CREATE TABLE STG_GONG_CHUNK_SKETCHES (
    FIRST_CHUNK     INTEGER PRIMARY KEY, -- CHUNK_ID of the first of the chunks
    EMBEDDING_MODEL TEXT NOT NULL,
    EMBEDDING_DIM   INTEGER NOT NULL,
    SKETCHES        BLOB NOT NULL        -- of the chunk and of those with the next ids, one behind the other
) STRICT;

-- Chunks of a call go together, whoever deletes them.
CREATE TRIGGER STG_GONG_TRANSCRIPT_CHUNKS_SKETCHED AFTER DELETE ON STG_GONG_TRANSCRIPT_CHUNKS
BEGIN
    DELETE FROM STG_GONG_CHUNK_SKETCHES WHERE FIRST_CHUNK = old.CHUNK_ID;
END;
