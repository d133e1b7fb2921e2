-- Records of a kind that Gong serves, by key; of reviews those whose call it has not stopped serving.
-- ?1 stream, ?2 first day or null, ?3 day after the last or null
SELECT RECORD_KEY, RECORD_DAY, RAW_DATA
FROM GONG_RECORDS_RAW
WHERE STREAM = ?1
    AND DELETED_AT IS NULL
    AND (
        STREAM <> 'answered_scorecards'
        OR COALESCE(CAST(JSON_EXTRACT(RAW_DATA, '$.callId') AS TEXT), '')
            NOT IN (SELECT CALL_ID FROM GONG_CALLS_RAW WHERE DELETED_AT IS NOT NULL)
    )
    AND (?2 IS NULL OR RECORD_DAY >= ?2)
    AND (?3 IS NULL OR RECORD_DAY < ?3)
ORDER BY RECORD_KEY
