-- Which sentences are staged for a call.
-- ?1 call id
SELECT SENTENCES_SHA FROM STG_GONG_CALLS WHERE CALL_ID = ?1
