-- Passages of calls whose transcripts are no longer served.
-- ? JSON array of call ids
DELETE FROM GONG_AI_CHUNKS
WHERE CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
