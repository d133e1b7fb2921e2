-- Lands a new, changed or revived call.
-- ?1 call id, ?2 payload hash, ?3 now, ?4 correlation id, ?5 start, ?6 scheduled start, ?7 JSON, ?8 as it came,
-- ?9 what was cleaned
INSERT INTO GONG_CALLS_RAW
    (CALL_ID, PAYLOAD_SHA, INGESTED_AT, CORRELATION_ID, STARTED_AT, SCHEDULED_AT, STATE_CHANGED_AT, RAW_DATA,
     ORIGINAL_TEXT, CLEANING_NOTES)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?3, ?7, ?8, ?9)
ON CONFLICT (CALL_ID) DO UPDATE SET
    PAYLOAD_SHA = excluded.PAYLOAD_SHA,
    INGESTED_AT = excluded.INGESTED_AT,
    CORRELATION_ID = excluded.CORRELATION_ID,
    STARTED_AT = excluded.STARTED_AT,
    SCHEDULED_AT = excluded.SCHEDULED_AT,
    STATE_CHANGED_AT = excluded.STATE_CHANGED_AT,
    RAW_DATA = excluded.RAW_DATA,
    ORIGINAL_TEXT = excluded.ORIGINAL_TEXT,
    CLEANING_NOTES = excluded.CLEANING_NOTES,
    PROCESSED = 0,
    PROCESSING_ERROR = NULL,
    DELETED_AT = NULL
