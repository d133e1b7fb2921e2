-- Gong no longer serves a call.
-- ?1 call id, ?2 now
UPDATE GONG_CALLS_RAW SET DELETED_AT = ?2 WHERE CALL_ID = ?1 AND DELETED_AT IS NULL
