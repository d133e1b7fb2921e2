-- Removes the participants of a call.
-- ?1 call id
DELETE FROM STG_GONG_CALL_PARTICIPANTS WHERE CALL_ID = ?1
