-- Removes the topics of a call.
-- ?1 call id
DELETE FROM STG_GONG_CALL_TOPICS WHERE CALL_ID = ?1
