-- The documents of calls that took place before an instant.
-- ? instant
DELETE FROM GONG_CALLS_RAW
WHERE CALL_ID IN (SELECT CALL_ID FROM STG_GONG_CALLS WHERE CALL_DATETIME_UTC < CAST(? AS TIMESTAMP_NTZ))
