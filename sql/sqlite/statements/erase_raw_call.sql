-- A call's document goes.
-- ?1 call id
DELETE FROM GONG_CALLS_RAW WHERE CALL_ID = ?1
