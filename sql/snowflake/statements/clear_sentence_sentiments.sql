-- Removes the sentence scores of calls that are served and whose transcript is still this one.
-- ? JSON rows of call, sha; without sha whatever the transcript is
UPDATE STG_GONG_CALL_TRANSCRIPTS
SET SEGMENT_SENTIMENT = NULL
WHERE SEGMENT_SENTIMENT IS NOT NULL
    AND CALL_ID IN (
        SELECT C.CALL_ID
        FROM (SELECT PARSE_JSON(?) AS CALLS) AS B, LATERAL FLATTEN(INPUT => B.CALLS) AS F
        INNER JOIN STG_GONG_CALLS AS C
            ON C.CALL_ID = F.VALUE:call::VARCHAR
            AND (F.VALUE:sha IS NULL OR C.SENTENCES_SHA = F.VALUE:sha::VARCHAR)
            AND C.DELETED_AT IS NULL
    )
