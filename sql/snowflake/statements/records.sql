-- Records of a kind that Gong serves, by key.
-- ? stream, ? first day or null, ? the same, ? day after the last or null, ? the same
SELECT RECORD_KEY, RECORD_DAY::VARCHAR AS RECORD_DAY, RAW_DATA
FROM GONG_RECORDS_RAW
WHERE STREAM = ?
    AND DELETED_AT IS NULL
    AND (CAST(? AS DATE) IS NULL OR RECORD_DAY >= CAST(? AS DATE))
    AND (CAST(? AS DATE) IS NULL OR RECORD_DAY < CAST(? AS DATE))
ORDER BY RECORD_KEY
