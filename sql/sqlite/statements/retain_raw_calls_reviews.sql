-- Reviews of calls that Gong stopped serving before an instant.
-- ?1 instant
DELETE FROM GONG_RECORDS_RAW
WHERE STREAM = 'answered_scorecards'
    AND CAST(JSON_EXTRACT(RAW_DATA, '$.callId') AS TEXT) IN (SELECT CALL_ID FROM GONG_CALLS_RAW WHERE DELETED_AT < ?1)
