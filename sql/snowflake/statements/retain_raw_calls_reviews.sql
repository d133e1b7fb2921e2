-- Reviews of calls that Gong stopped serving before an instant.
-- ? instant
DELETE FROM GONG_RECORDS_RAW
WHERE STREAM = 'answered_scorecards'
    AND RAW_DATA:callId::VARCHAR IN (
        SELECT CALL_ID FROM GONG_CALLS_RAW WHERE DELETED_AT < CAST(? AS TIMESTAMP_LTZ)
    )
