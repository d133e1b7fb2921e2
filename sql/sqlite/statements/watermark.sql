-- The watermark of the latest finished run that set one, and when that run began.
SELECT
    F.LAST_SYNC_TIMESTAMP,
    COALESCE(
        (
            SELECT S.COMMITTED_AT
            FROM GONG_INGESTION_STATE AS S
            WHERE S.CORRELATION_ID = F.CORRELATION_ID AND S.STEP = 'started' AND S.STATE_ID < F.STATE_ID
            ORDER BY S.STATE_ID DESC
            LIMIT 1
        ),
        F.COMMITTED_AT
    )
FROM GONG_INGESTION_STATE AS F
WHERE F.STEP = 'finished' AND F.LAST_SYNC_TIMESTAMP IS NOT NULL
ORDER BY F.STATE_ID DESC
LIMIT 1
