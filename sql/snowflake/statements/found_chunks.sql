-- Chunks that a search service found, in its order, as far as they are served: its index may be an hour old, so what
-- was deleted or rewritten since falls out. The score is one divided by the place, since the service gives none that
-- orders its results.
-- ? JSON array of place, call_id, first_sentence, last_sentence, text; ? limit
WITH FOUND AS (
    SELECT
        F.VALUE:place::NUMBER AS PLACE,
        F.VALUE:call_id::VARCHAR AS CALL_ID,
        F.VALUE:first_sentence::NUMBER AS FIRST_SENTENCE,
        F.VALUE:last_sentence::NUMBER AS LAST_SENTENCE,
        F.VALUE:text::VARCHAR AS CHUNK_TEXT
    FROM (SELECT PARSE_JSON(?) AS FOUND) AS B, LATERAL FLATTEN(INPUT => B.FOUND) AS F
)

SELECT
    F.CALL_ID,
    C.CALL_TITLE,
    C.CALL_DATETIME_UTC,
    F.FIRST_SENTENCE,
    F.LAST_SENTENCE,
    F.CHUNK_TEXT,
    1::FLOAT / F.PLACE AS SCORE
FROM FOUND AS F
INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = F.CALL_ID AND C.DELETED_AT IS NULL
INNER JOIN STG_GONG_TRANSCRIPT_CHUNKS AS K
    ON K.CALL_ID = F.CALL_ID
    AND K.FIRST_SENTENCE = F.FIRST_SENTENCE
    AND K.LAST_SENTENCE = F.LAST_SENTENCE
    AND K.CHUNK_TEXT = F.CHUNK_TEXT
QUALIFY ROW_NUMBER() OVER (PARTITION BY F.CALL_ID, F.FIRST_SENTENCE, F.LAST_SENTENCE ORDER BY F.PLACE) = 1
ORDER BY F.PLACE
LIMIT ?
