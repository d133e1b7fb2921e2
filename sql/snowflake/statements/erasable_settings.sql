-- What runs were asked for, which may be the calls of somebody.
SELECT STATE_ID, SETTINGS FROM GONG_INGESTION_STATE WHERE SETTINGS IS NOT NULL ORDER BY STATE_ID
