-- Retention was applied to a table.
-- ?1 table, ?2 now
UPDATE GONG_DATA_RETENTION_POLICY SET LAST_CLEANUP = ?2 WHERE TABLE_NAME = ?1
