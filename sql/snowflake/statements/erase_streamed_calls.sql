-- What was streamed of calls goes.
-- ? JSON array of call ids
DELETE FROM GONG_CALLS_STREAMED
WHERE CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
