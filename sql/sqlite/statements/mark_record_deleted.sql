-- Gong no longer serves a record.
-- ?1 stream, ?2 key, ?3 now
UPDATE GONG_RECORDS_RAW SET DELETED_AT = ?3 WHERE STREAM = ?1 AND RECORD_KEY = ?2 AND DELETED_AT IS NULL
