-- The key of a staged call, from which those of its sentences follow.
-- ?1 call id
SELECT CALL_KEY FROM STG_GONG_CALLS WHERE CALL_ID = ?1
