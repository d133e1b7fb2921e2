-- Errors that were resolved before an instant.
-- ? instant
DELETE FROM PIPELINE_ERRORS
WHERE RESOLVED_AT < CAST(? AS TIMESTAMP_LTZ)
