-- Removes the chunks of a call; triggers take them out of the word index.
-- ?1 call id
DELETE FROM STG_GONG_TRANSCRIPT_CHUNKS WHERE CALL_ID = ?1
