-- The dead letters of calls that took place before an instant.
-- ? instant
DELETE FROM GONG_DEAD_LETTERS
WHERE CALL_ID IN (SELECT CALL_ID FROM STG_GONG_CALLS WHERE CALL_DATETIME_UTC < CAST(? AS TIMESTAMP_NTZ))
