-- Calls that a task has staged are staged once more, by the client, which adds figures and CRM links.
UPDATE GONG_CALLS_RAW
SET PROCESSED = FALSE, PROCESSED_AT = NULL
WHERE DELETED_AT IS NULL
    AND CALL_ID IN (SELECT CALL_ID FROM STG_GONG_CALLS WHERE STAGED_BY = 'task')
