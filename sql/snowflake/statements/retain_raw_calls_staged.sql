-- The staged rows of calls that Gong stopped serving before an instant.
-- ? instant
DELETE FROM STG_GONG_CALLS
WHERE CALL_ID IN (SELECT CALL_ID FROM GONG_CALLS_RAW WHERE DELETED_AT < CAST(? AS TIMESTAMP_LTZ))
