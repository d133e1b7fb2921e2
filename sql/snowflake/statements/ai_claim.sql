-- Claims a batch of what is queued for the model and prompt of today: what was never asked first.
-- ? claim, ? step, ? how many pieces this run has asked for
UPDATE GONG_AI_WORK
SET STATE = 'claimed', CLAIM_ID = ?, CLAIMED_AT = CURRENT_TIMESTAMP(), ATTEMPTS = ATTEMPTS + 1
WHERE WORK_ID IN (
        SELECT WORK_ID
        FROM (
            SELECT
                W.WORK_ID,
                S.BATCH_ROWS,
                S.MOST_ROWS,
                ROW_NUMBER() OVER (ORDER BY W.ATTEMPTS, W.QUEUED_AT, W.WORK_ID) AS PLACE
            FROM GONG_AI_WORK AS W
            INNER JOIN GONG_AI_SETTINGS AS S
                ON S.STEP = W.STEP AND S.MODEL = W.MODEL AND S.PROMPT_VERSION = W.PROMPT_VERSION
            WHERE W.STEP = ?
                AND W.STATE = 'queued'
                AND (W.CLAIMED_AT IS NULL OR W.CLAIMED_AT < DATEADD(MINUTE, -30, CURRENT_TIMESTAMP()))
                AND S.ENABLED
        ) AS Q
        WHERE PLACE <= BATCH_ROWS AND PLACE <= MOST_ROWS - ?
    )
