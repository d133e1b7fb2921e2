-- The readings of calls that took place before an instant.
-- ?1 instant
DELETE FROM CALL_READINGS
WHERE CALL_ID IN (SELECT CALL_ID FROM STG_GONG_CALLS WHERE CALL_DATETIME_UTC < ?1)
