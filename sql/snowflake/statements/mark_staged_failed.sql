-- The staged rows of calls show that their latest documents could not be read.
-- ? JSON rows of id, call_sha, transcript_sha, error
UPDATE STG_GONG_CALLS
SET PROCESSING_ERROR = S.ERROR
FROM (
    SELECT
        F.VALUE:id::VARCHAR AS CALL_ID,
        F.VALUE:error::VARCHAR AS ERROR
    FROM (SELECT PARSE_JSON(?) AS BATCH) AS B, LATERAL FLATTEN(INPUT => B.BATCH) AS F
    INNER JOIN GONG_LANDED_CALLS AS L
        ON L.CALL_ID = F.VALUE:id::VARCHAR AND L.CALL_SHA = F.VALUE:call_sha::VARCHAR
) AS S
WHERE STG_GONG_CALLS.CALL_ID = S.CALL_ID
