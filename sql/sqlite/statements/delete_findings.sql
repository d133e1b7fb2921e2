-- Removes what Gong found in a call.
-- ?1 call key
DELETE FROM GONG_CALL_FINDINGS WHERE CALL_KEY = ?1
