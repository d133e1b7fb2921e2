-- Stores chunks of calls that are served and whose transcript is still this one; earlier ones are removed first.
-- ? JSON rows of call, sha (without it whatever the transcript is), chunk, first, last, text, sentiment, model, dimension, vector, terms, term_count
INSERT INTO STG_GONG_TRANSCRIPT_CHUNKS
    (
        CALL_ID, CHUNK_INDEX, FIRST_SENTENCE, LAST_SENTENCE, CHUNK_TEXT, CHUNK_SENTIMENT, EMBEDDING_MODEL,
        EMBEDDING_DIM, EMBEDDING_VECTOR, SEARCH_TERMS, TERM_COUNT
    )
SELECT
    S.CHUNK:call::VARCHAR,
    S.CHUNK:chunk::NUMBER,
    S.CHUNK:first::NUMBER,
    S.CHUNK:last::NUMBER,
    S.CHUNK:text::VARCHAR,
    S.CHUNK:sentiment::FLOAT,
    S.CHUNK:model::VARCHAR,
    S.CHUNK:dimension::NUMBER,
    IFF(IS_NULL_VALUE(S.CHUNK:vector), NULL, S.CHUNK:vector)::ARRAY,
    S.CHUNK:terms::VARCHAR,
    S.CHUNK:term_count::NUMBER
FROM (
    SELECT F.VALUE AS CHUNK
    FROM (SELECT PARSE_JSON(?) AS CHUNKS) AS B, LATERAL FLATTEN(INPUT => B.CHUNKS) AS F
) AS S
INNER JOIN STG_GONG_CALLS AS C
    ON C.CALL_ID = S.CHUNK:call::VARCHAR
    AND (S.CHUNK:sha IS NULL OR C.SENTENCES_SHA = S.CHUNK:sha::VARCHAR)
    AND C.DELETED_AT IS NULL
