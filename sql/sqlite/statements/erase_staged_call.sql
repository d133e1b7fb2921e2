-- The staged row of a call goes, after what belongs to it.
-- ?1 call id
DELETE FROM STG_GONG_CALLS WHERE CALL_ID = ?1
