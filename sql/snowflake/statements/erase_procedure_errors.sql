-- Failures whose reasons quote somebody go.
-- ? JSON array of reasons
DELETE FROM GONG_PROCEDURE_ERRORS
WHERE REASON IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS REASONS) AS B, LATERAL FLATTEN(INPUT => B.REASONS) AS F
    )
