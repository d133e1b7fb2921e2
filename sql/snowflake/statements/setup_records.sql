-- Scorecards or trackers that Gong serves, by key: for roles that see no other records whole.
-- ? stream, ? first day or null, ? the same, ? day after the last or null, ? the same
SELECT RECORD_KEY, RECORD_DAY::VARCHAR AS RECORD_DAY, RAW_DATA
FROM GONG_SETUP_RECORDS
WHERE STREAM = ?
    AND DELETED_AT IS NULL
    AND (CAST(? AS DATE) IS NULL OR RECORD_DAY >= CAST(? AS DATE))
    AND (CAST(? AS DATE) IS NULL OR RECORD_DAY < CAST(? AS DATE))
ORDER BY RECORD_KEY
