-- Reviews of calls go.
-- ? JSON array of call ids
DELETE FROM GONG_RECORDS_RAW
WHERE STREAM = 'answered_scorecards'
    AND RAW_DATA:callId::VARCHAR IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
