-- The errors of a call go.
-- ?1 call id
DELETE FROM PIPELINE_ERRORS WHERE CALL_ID = ?1
