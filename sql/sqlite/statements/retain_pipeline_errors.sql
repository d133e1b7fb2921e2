-- Errors that were resolved before an instant.
-- ?1 instant
DELETE FROM PIPELINE_ERRORS WHERE RESOLVED_AT < ?1
