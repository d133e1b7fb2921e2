-- Removes the sentences of a call.
-- ?1 call id
DELETE FROM STG_GONG_CALL_TRANSCRIPTS WHERE CALL_ID = ?1
