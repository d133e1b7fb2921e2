-- Calls that Gong stopped serving before an instant.
-- ?1 instant
DELETE FROM GONG_CALLS_RAW WHERE DELETED_AT < ?1
