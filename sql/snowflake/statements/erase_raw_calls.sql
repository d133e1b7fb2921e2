-- Documents of calls go.
-- ? JSON array of call ids
DELETE FROM GONG_CALLS_RAW
WHERE CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
