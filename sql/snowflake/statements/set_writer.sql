-- Says who writes staging.
-- ? client or task
UPDATE GONG_STAGING
SET WRITER = ?
WHERE STAGING_ID = 1
