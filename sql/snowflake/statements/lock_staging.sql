-- Lets one transaction at a time write staging: the lock of this row is held until the commit.
UPDATE GONG_STAGING
SET LOCKED_AT = CURRENT_TIMESTAMP()
WHERE STAGING_ID = 1
