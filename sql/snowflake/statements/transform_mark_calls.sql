-- Locks the landing rows of queued calls, before anything of them is read: whoever lands or deletes them waits.
UPDATE GONG_CALLS_RAW
SET PROCESSED = TRUE, PROCESSED_AT = CURRENT_TIMESTAMP(), PROCESSING_ERROR = NULL
WHERE DELETED_AT IS NULL AND CALL_ID IN (SELECT CALL_ID FROM GONG_TRANSFORM_QUEUE)
