-- Removes the sentences of calls whose sentences have changed. Runs before stage_calls, which keeps the new hash.
-- ? JSON rows of id, call_sha, transcript_sha, sentences_sha
DELETE FROM STG_GONG_CALL_TRANSCRIPTS
USING (
    SELECT L.CALL_ID
    FROM (
        SELECT
            F.VALUE:id::VARCHAR AS CALL_ID,
            F.VALUE:call_sha::VARCHAR AS CALL_SHA,
            F.VALUE:transcript_sha::VARCHAR AS TRANSCRIPT_SHA,
            F.VALUE:sentences_sha::VARCHAR AS SENTENCES_SHA
        FROM (SELECT PARSE_JSON(?) AS BATCH) AS B, LATERAL FLATTEN(INPUT => B.BATCH) AS F
    ) AS S
    INNER JOIN GONG_LANDED_CALLS AS L
        ON L.CALL_ID = S.CALL_ID
        AND L.CALL_SHA = S.CALL_SHA
        AND L.TRANSCRIPT_SHA IS NOT DISTINCT FROM S.TRANSCRIPT_SHA
    INNER JOIN STG_GONG_CALLS AS C
        ON C.CALL_ID = S.CALL_ID AND C.SENTENCES_SHA IS DISTINCT FROM S.SENTENCES_SHA
) AS S
WHERE STG_GONG_CALL_TRANSCRIPTS.CALL_ID = S.CALL_ID
