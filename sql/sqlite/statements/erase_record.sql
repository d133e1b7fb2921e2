-- A record of Gong that names somebody goes.
-- ?1 stream, ?2 key
DELETE FROM GONG_RECORDS_RAW WHERE STREAM = ?1 AND RECORD_KEY = ?2
