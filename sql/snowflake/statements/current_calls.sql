-- Of calls that were read those of which nothing else landed since.
-- ? JSON rows of id, call_sha, transcript_sha
SELECT L.CALL_ID
FROM (
    SELECT
        F.VALUE:id::VARCHAR AS CALL_ID,
        F.VALUE:call_sha::VARCHAR AS CALL_SHA,
        F.VALUE:transcript_sha::VARCHAR AS TRANSCRIPT_SHA
    FROM (SELECT PARSE_JSON(?) AS BATCH) AS B, LATERAL FLATTEN(INPUT => B.BATCH) AS F
) AS S
INNER JOIN GONG_LANDED_CALLS AS L
    ON L.CALL_ID = S.CALL_ID
    AND L.CALL_SHA = S.CALL_SHA
    AND L.TRANSCRIPT_SHA IS NOT DISTINCT FROM S.TRANSCRIPT_SHA
