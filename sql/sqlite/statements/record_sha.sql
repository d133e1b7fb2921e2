-- The hash of a record, and whether Gong serves it.
-- ?1 stream, ?2 key
SELECT PAYLOAD_SHA, DELETED_AT IS NULL FROM GONG_RECORDS_RAW WHERE STREAM = ?1 AND RECORD_KEY = ?2
