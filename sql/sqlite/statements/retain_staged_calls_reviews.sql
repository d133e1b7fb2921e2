-- Reviews of calls that took place before an instant; where a call is not stored, the day of the review counts.
-- ?1 instant
DELETE FROM GONG_RECORDS_RAW
WHERE STREAM = 'answered_scorecards'
    AND RECORD_KEY IN (
        SELECT R.RECORD_KEY
        FROM GONG_RECORDS_RAW AS R
        LEFT JOIN STG_GONG_CALLS AS C ON C.CALL_ID = CAST(JSON_EXTRACT(R.RAW_DATA, '$.callId') AS TEXT)
        WHERE R.STREAM = 'answered_scorecards'
            AND COALESCE(C.CALL_DATETIME_UTC, R.RECORD_DAY || 'T00:00:00Z') < ?1
    )
