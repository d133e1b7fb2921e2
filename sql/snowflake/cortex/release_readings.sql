-- Gives calls back that were claimed and not read.
-- ? claim
UPDATE CALL_READINGS
SET CLAIM_ID = NULL, CLAIMED_AT = NULL
WHERE CLAIM_ID = ?
