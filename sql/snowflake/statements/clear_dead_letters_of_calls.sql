-- Gong no longer serves calls: there is nothing left to land of them.
-- ? JSON array of call ids
DELETE FROM GONG_DEAD_LETTERS
WHERE CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
