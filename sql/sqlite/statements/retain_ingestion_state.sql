-- Steps of runs from before an instant. Kept are the latest run of each mode, which may be
-- resumed, the latest watermark with the start of its run, and the latest position of each stream.
-- ?1 instant
DELETE FROM GONG_INGESTION_STATE
WHERE COMMITTED_AT < ?1
    AND CORRELATION_ID NOT IN (
        SELECT CORRELATION_ID
        FROM GONG_INGESTION_STATE
        WHERE STATE_ID IN (SELECT MAX(STATE_ID) FROM GONG_INGESTION_STATE WHERE STEP = 'started' GROUP BY SYNC_MODE)
    )
    AND NOT (
        STEP IN ('started', 'finished')
        AND CORRELATION_ID IN (
            SELECT CORRELATION_ID
            FROM GONG_INGESTION_STATE
            WHERE STATE_ID = (
                SELECT MAX(STATE_ID)
                FROM GONG_INGESTION_STATE
                WHERE STEP = 'finished' AND LAST_SYNC_TIMESTAMP IS NOT NULL
            )
        )
    )
    AND STATE_ID NOT IN (SELECT MAX(STATE_ID) FROM GONG_INGESTION_STATE WHERE POSITION IS NOT NULL GROUP BY STREAM)
