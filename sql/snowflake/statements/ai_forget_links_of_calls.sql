-- What calls were asked for whose transcripts are no longer served. Runs before the others that forget.
-- ? JSON array of call ids
DELETE FROM GONG_AI_WORK_CALLS
WHERE CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
