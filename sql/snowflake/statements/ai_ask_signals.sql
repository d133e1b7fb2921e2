-- What claimed passages hold. Labels are billed with every row, so they are few and short.
-- ? prompt, ? claim, ? version of the prompt
INSERT INTO GONG_AI_LEDGER (WORK_ID, STEP, MODEL, RESULT, ERROR, CLAIM_ID, ANSWERED_AT)
SELECT WORK_ID, STEP, MODEL, STRIP_NULL_VALUE(REPLY:value), REPLY:error::VARCHAR, CLAIM_ID, CURRENT_TIMESTAMP()
FROM (
    SELECT
        WORK_ID,
        STEP,
        MODEL,
        CLAIM_ID,
        AI_CLASSIFY(
            INPUT_TEXT,
            ['objection', 'pricing', 'competitor', 'decision process', 'next step', 'none of these'],
            {'task_description': ?, 'output_mode': 'multi'},
            TRUE
        ) AS REPLY
    FROM GONG_AI_WORK
    WHERE CLAIM_ID = ? AND STATE = 'claimed' AND PROMPT_VERSION = ?
) AS ASKED
