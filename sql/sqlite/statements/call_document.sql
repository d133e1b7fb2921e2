-- A call's document with the hash it landed with.
-- ?1 call id
SELECT PAYLOAD_SHA, RAW_DATA FROM GONG_CALLS_RAW WHERE CALL_ID = ?1 AND DELETED_AT IS NULL
