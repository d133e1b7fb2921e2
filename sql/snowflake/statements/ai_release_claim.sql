-- What was claimed and not asked goes back to the queue, as if it had not been claimed.
-- ? claim
UPDATE GONG_AI_WORK
SET STATE = 'queued', ATTEMPTS = ATTEMPTS - 1
WHERE CLAIM_ID = ? AND STATE = 'claimed'
