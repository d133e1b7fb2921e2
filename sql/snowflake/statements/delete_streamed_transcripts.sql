-- What was streamed of transcripts that Gong no longer serves, and was not merged.
-- ? JSON array of call ids
DELETE FROM GONG_CALL_TRANSCRIPTS_STREAMED
WHERE CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
