-- The watermark of the latest finished run that set one, and when that run began: when it ended, where its beginning is
-- not known.
SELECT LAST_SYNC_TIMESTAMP, COALESCE(BEGAN_AT, COMMITTED_AT) AS SET_AT
FROM GONG_INGESTION_STATE
WHERE STEP = 'finished' AND LAST_SYNC_TIMESTAMP IS NOT NULL
ORDER BY STATE_ID DESC
LIMIT 1
