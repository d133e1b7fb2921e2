-- Stores what models answered, for whoever checks it, and why they did not. A claim that lost its call meanwhile has no
-- row any more. What was refused keeps its CLAIMED_AT, and so waits for an hour.
UPDATE CALL_READINGS
SET
    ANSWER = STRIP_NULL_VALUE(REPLY:value),
    REFUSAL = REPLY:error::VARCHAR,
    REQUESTS = CALL_READINGS.REQUESTS + 1,
    READ_AT = CURRENT_TIMESTAMP(),
    CLAIM_ID = NULL
FROM GONG_AI_REPLIES AS S
WHERE CALL_READINGS.CALL_ID = S.CALL_ID AND CALL_READINGS.CLAIM_ID = S.CLAIM_ID
