-- fakesnow: no
-- Retention, as in 0029_readings_procedures.sql, with reviews that go with their calls.

-- Removes what GONG_DATA_RETENTION_POLICY says is too old. What is deleted stays readable through Time Travel (the
-- database's DATA_RETENTION_TIME_IN_DAYS) and then for seven days in Fail-safe, which only Snowflake's support reads:
-- answering a request for erasure means waiting those out. A table without a limit has no oldest instant, and a
-- comparison with none removes nothing.
CREATE OR REPLACE PROCEDURE GONG_APPLY_RETENTION()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    UNKNOWN_TABLES INTEGER DEFAULT 0;
    STAGED_OLDEST TIMESTAMP_NTZ DEFAULT NULL;
    RAW_OLDEST TIMESTAMP_LTZ DEFAULT NULL;
    TRANSCRIPTS_OLDEST TIMESTAMP_LTZ DEFAULT NULL;
    STATE_OLDEST TIMESTAMP_LTZ DEFAULT NULL;
    LETTERS_OLDEST TIMESTAMP_LTZ DEFAULT NULL;
    ERRORS_OLDEST TIMESTAMP_LTZ DEFAULT NULL;
    REMOVED INTEGER DEFAULT 0;
    UNKNOWN_TABLE EXCEPTION (-20004, 'GONG_DATA_RETENTION_POLICY names a table whose rows retention does not know');
BEGIN
    BEGIN TRANSACTION;

    -- statement: lock_staging
    SELECT
        COUNT_IF(
            TABLE_NAME NOT IN (
                'STG_GONG_CALLS', 'GONG_CALLS_RAW', 'GONG_CALL_TRANSCRIPTS_RAW', 'GONG_INGESTION_STATE',
                'GONG_DEAD_LETTERS', 'PIPELINE_ERRORS'
            )
        ),
        -- A session may be in any time zone, and CALL_DATETIME_UTC is not.
        CONVERT_TIMEZONE('UTC', MAX(IFF(TABLE_NAME = 'STG_GONG_CALLS', OLDEST, NULL)))::TIMESTAMP_NTZ,
        MAX(IFF(TABLE_NAME = 'GONG_CALLS_RAW', OLDEST, NULL)),
        MAX(IFF(TABLE_NAME = 'GONG_CALL_TRANSCRIPTS_RAW', OLDEST, NULL)),
        MAX(IFF(TABLE_NAME = 'GONG_INGESTION_STATE', OLDEST, NULL)),
        MAX(IFF(TABLE_NAME = 'GONG_DEAD_LETTERS', OLDEST, NULL)),
        MAX(IFF(TABLE_NAME = 'PIPELINE_ERRORS', OLDEST, NULL))
    INTO
        :UNKNOWN_TABLES, :STAGED_OLDEST, :RAW_OLDEST, :TRANSCRIPTS_OLDEST, :STATE_OLDEST, :LETTERS_OLDEST, :ERRORS_OLDEST
    FROM (
        -- A thousand years are for ever, and an instant before the first year is an error.
        SELECT TABLE_NAME, DATEADD(DAY, -LEAST(RETENTION_DAYS, 365000), CURRENT_TIMESTAMP()) AS OLDEST
        FROM GONG_DATA_RETENTION_POLICY
    ) AS P;
    IF (UNKNOWN_TABLES > 0) THEN
        RAISE UNKNOWN_TABLE;
    END IF;

    -- statement: retain_staged_calls_sentences with :STAGED_OLDEST
    -- statement: retain_staged_calls_participants with :STAGED_OLDEST
    -- statement: retain_staged_calls_topics with :STAGED_OLDEST
    -- statement: retain_staged_calls_crm_links with :STAGED_OLDEST
    -- statement: retain_staged_calls_chunks with :STAGED_OLDEST
    -- statement: retain_staged_calls_readings with :STAGED_OLDEST
    -- statement: retain_staged_calls_letters with :STAGED_OLDEST
    -- statement: retain_staged_calls_errors with :STAGED_OLDEST
    -- statement: retain_staged_calls_reviews with :STAGED_OLDEST
    -- statement: retain_staged_calls_raw_call with :STAGED_OLDEST
    -- statement: retain_staged_calls_raw_transcript with :STAGED_OLDEST
    -- statement: retain_staged_calls with :STAGED_OLDEST
    REMOVED := SQLROWCOUNT;
    -- statement: retain_records with :RAW_OLDEST
    -- statement: retain_raw_calls_reviews with :RAW_OLDEST
    -- statement: retain_raw_calls_staged with :RAW_OLDEST
    -- statement: retain_raw_calls with :RAW_OLDEST
    REMOVED := REMOVED + SQLROWCOUNT;
    -- statement: retain_raw_transcripts with :TRANSCRIPTS_OLDEST
    REMOVED := REMOVED + SQLROWCOUNT;
    -- statement: retain_ingestion_state with :STATE_OLDEST
    REMOVED := REMOVED + SQLROWCOUNT;
    -- statement: retain_dead_letters with :LETTERS_OLDEST
    REMOVED := REMOVED + SQLROWCOUNT;
    -- statement: retain_pipeline_errors with :ERRORS_OLDEST
    REMOVED := REMOVED + SQLROWCOUNT;
    -- statement: retain_contacts
    -- statement: record_cleanups with CURRENT_TIMESTAMP()

    -- What was said outlives its call nowhere.
    -- statement: forget_readings

    COMMIT;
    RETURN OBJECT_CONSTRUCT('removed', REMOVED);
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        -- statement: record_procedure_error with 'GONG_APPLY_RETENTION'
        RAISE;
END;
$$;
