-- A call's document is not what landed: any that lands now is news. Touches nothing when another
-- payload landed meanwhile.
-- ?1 call id, ?2 payload hash that was read, ?3 now
UPDATE GONG_CALLS_RAW
SET PAYLOAD_SHA = '', PROCESSED = 0, STATE_CHANGED_AT = ?3
WHERE CALL_ID = ?1 AND PAYLOAD_SHA = ?2
