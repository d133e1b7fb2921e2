-- The tone of claimed passages. Aspects cost nothing extra and keep the arguments by position, as documented.
-- ? claim
INSERT INTO GONG_AI_LEDGER (WORK_ID, STEP, MODEL, RESULT, ERROR, CLAIM_ID, ANSWERED_AT)
SELECT WORK_ID, STEP, MODEL, STRIP_NULL_VALUE(REPLY:value), REPLY:error::VARCHAR, CLAIM_ID, CURRENT_TIMESTAMP()
FROM (
    SELECT WORK_ID, STEP, MODEL, CLAIM_ID, AI_SENTIMENT(INPUT_TEXT, ['pricing', 'product', 'support'], TRUE) AS REPLY
    FROM GONG_AI_WORK
    WHERE CLAIM_ID = ? AND STATE = 'claimed'
) AS ASKED
