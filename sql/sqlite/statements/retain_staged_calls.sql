-- Calls that took place before an instant, whether Gong still serves them or not; their chunks
-- go with them.
-- ?1 instant
DELETE FROM STG_GONG_CALLS WHERE CALL_DATETIME_UTC < ?1
