-- Chunks closest to a vector by cosine, best first; only those of the same model and dimension. Vectors of other
-- dimensions are kept from the cast, which would fail on them, wherever Snowflake evaluates it.
-- ? and ? the model, ? JSON array of the vector, ? whether a call is left out, ? that call, ? limit
SELECT
    K.CALL_ID,
    C.CALL_TITLE,
    C.CALL_DATETIME_UTC,
    K.FIRST_SENTENCE,
    K.LAST_SENTENCE,
    K.CHUNK_TEXT,
    VECTOR_COSINE_SIMILARITY(
        IFF(K.EMBEDDING_MODEL = ? AND K.EMBEDDING_DIM = {dimension}, K.EMBEDDING_VECTOR, NULL)::VECTOR(FLOAT, {dimension}),
        PARSE_JSON(?)::VECTOR(FLOAT, {dimension})
    ) AS SCORE
FROM STG_GONG_TRANSCRIPT_CHUNKS AS K
INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = K.CALL_ID AND C.DELETED_AT IS NULL
WHERE K.EMBEDDING_MODEL = ?
    AND K.EMBEDDING_DIM = {dimension}
    AND K.EMBEDDING_VECTOR IS NOT NULL
    AND (NOT ? OR K.CALL_ID <> ?)
ORDER BY SCORE DESC, K.CALL_ID, K.CHUNK_INDEX
LIMIT ?
