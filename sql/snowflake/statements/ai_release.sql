-- Gives claimed calls back that were not asked about.
-- ? claim
UPDATE CALL_READINGS
SET CLAIM_ID = NULL, CLAIMED_AT = NULL
WHERE CLAIM_ID = ?
