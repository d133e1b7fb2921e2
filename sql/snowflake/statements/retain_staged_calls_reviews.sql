-- Reviews of calls that took place before an instant; where a call is not stored, the day of the review counts.
-- ? instant
DELETE FROM GONG_RECORDS_RAW
WHERE STREAM = 'answered_scorecards'
    AND RECORD_KEY IN (
        SELECT R.RECORD_KEY
        FROM GONG_RECORDS_RAW AS R
        LEFT JOIN STG_GONG_CALLS AS C ON C.CALL_ID = R.RAW_DATA:callId::VARCHAR
        WHERE R.STREAM = 'answered_scorecards'
            AND COALESCE(C.CALL_DATETIME_UTC, CAST(R.RECORD_DAY AS TIMESTAMP_NTZ)) < CAST(? AS TIMESTAMP_NTZ)
    )
