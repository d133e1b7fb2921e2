-- How many chunks hold words, counted from the newest as far as the limit, and the oldest of those.
-- ?1 an expression of the word index, ?2 limit
SELECT COUNT(*), COALESCE(MIN(CHUNK), 0)
FROM (
    SELECT rowid AS CHUNK
    FROM STG_GONG_TRANSCRIPT_CHUNKS_FTS
    WHERE STG_GONG_TRANSCRIPT_CHUNKS_FTS MATCH ?1
    ORDER BY rowid DESC
    LIMIT ?2
)
