-- A call made it through, or is gone.
-- ?1 call id, ?2 now
UPDATE PIPELINE_ERRORS SET RESOLVED_AT = ?2 WHERE CALL_ID = ?1 AND RESOLVED_AT IS NULL
