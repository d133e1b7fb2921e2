-- Calls that took place before an instant, whether Gong still serves them or not.
-- ? instant
DELETE FROM STG_GONG_CALLS
WHERE CALL_DATETIME_UTC < CAST(? AS TIMESTAMP_NTZ)
