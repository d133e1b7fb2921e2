-- Removes the topics of calls.
-- ? JSON array of call ids
DELETE FROM STG_GONG_CALL_TOPICS
WHERE CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
