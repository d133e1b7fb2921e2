-- Calls that Gong stopped serving before an instant.
-- ? instant
DELETE FROM GONG_CALLS_RAW
WHERE DELETED_AT < CAST(? AS TIMESTAMP_LTZ)
