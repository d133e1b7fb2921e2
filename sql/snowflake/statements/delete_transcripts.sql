-- Gong no longer serves transcripts, while it serves their calls.
-- ? JSON array of call ids
DELETE FROM GONG_CALL_TRANSCRIPTS_RAW
WHERE CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
