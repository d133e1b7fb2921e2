-- Transcripts of deleted calls landed again: the calls are served after all.
-- ? JSON array of call ids
UPDATE GONG_CALLS_RAW
SET DELETED_AT = NULL, PROCESSED = FALSE, PROCESSED_AT = NULL, PROCESSING_ERROR = NULL
WHERE DELETED_AT IS NOT NULL
    AND CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
