-- Work of which the ledger has the answer, whatever became of the session that asked: it is not asked again.
-- ? step
UPDATE GONG_AI_WORK
SET STATE = 'done', INPUT_TEXT = NULL, LAST_ERROR = NULL, FINISHED_AT = CURRENT_TIMESTAMP()
WHERE STEP = ?
    AND STATE <> 'done'
    AND WORK_ID IN (SELECT WORK_ID FROM GONG_AI_LEDGER WHERE RESULT IS NOT NULL)
