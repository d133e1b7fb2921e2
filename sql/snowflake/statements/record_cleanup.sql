-- Rows of a table were cleaned up.
-- ? now, ? table
UPDATE GONG_DATA_RETENTION_POLICY
SET LAST_CLEANUP = CAST(? AS TIMESTAMP_LTZ)
WHERE TABLE_NAME = ?
