-- The staged row of a call shows that its latest document could not be read.
-- ?1 call id, ?2 reason
UPDATE STG_GONG_CALLS SET PROCESSING_ERROR = ?2 WHERE CALL_ID = ?1
