-- Reviews of a call go.
-- ?1 call id
DELETE FROM GONG_RECORDS_RAW
WHERE STREAM = 'answered_scorecards' AND CAST(JSON_EXTRACT(RAW_DATA, '$.callId') AS TEXT) = ?1
