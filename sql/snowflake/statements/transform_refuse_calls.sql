-- Calls without any instant cannot be staged, and say so.
UPDATE GONG_CALLS_RAW
SET PROCESSING_ERROR = 'metaData.started: is not an instant, and neither is metaData.scheduled'
WHERE NOT PROCESSED
    AND DELETED_AT IS NULL
    AND COALESCE(STARTED_AT, SCHEDULED_AT) IS NULL
    AND PROCESSING_ERROR IS NULL
    AND (SELECT MAX(WRITER) FROM GONG_STAGING) = 'task'
