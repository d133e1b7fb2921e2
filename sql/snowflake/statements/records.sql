-- Records of a kind that Gong serves, by key; of reviews those whose call it has not stopped serving.
-- ? stream, ? first day or null, ? the same, ? day after the last or null, ? the same
SELECT RECORD_KEY, RECORD_DAY::VARCHAR AS RECORD_DAY, RAW_DATA
FROM GONG_RECORDS_RAW
WHERE STREAM = ?
    AND DELETED_AT IS NULL
    AND (
        STREAM <> 'answered_scorecards'
        OR COALESCE(RAW_DATA:callId::VARCHAR, '') NOT IN (
            SELECT CALL_ID FROM GONG_CALLS_RAW WHERE DELETED_AT IS NOT NULL
        )
    )
    AND (CAST(? AS DATE) IS NULL OR RECORD_DAY >= CAST(? AS DATE))
    AND (CAST(? AS DATE) IS NULL OR RECORD_DAY < CAST(? AS DATE))
ORDER BY RECORD_KEY
