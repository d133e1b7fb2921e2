-- The staged rows of calls that Gong stopped serving before an instant.
-- ?1 instant
DELETE FROM STG_GONG_CALLS
WHERE CALL_ID IN (SELECT CALL_ID FROM GONG_CALLS_RAW WHERE DELETED_AT < ?1)
