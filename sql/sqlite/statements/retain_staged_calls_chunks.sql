-- The chunks of calls that took place before an instant; triggers take them out of the word index.
-- ?1 instant
DELETE FROM STG_GONG_TRANSCRIPT_CHUNKS
WHERE CALL_ID IN (SELECT CALL_ID FROM STG_GONG_CALLS WHERE CALL_DATETIME_UTC < ?1)
