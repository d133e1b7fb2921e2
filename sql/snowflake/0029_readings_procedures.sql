-- fakesnow: no
-- The transform as a task runs it, and retention: the statements that the client runs, each in one transaction.
--
-- Each line `-- statement: NAME` stands for statements/NAME.sql, which is put there when the migrations are assembled.
-- A failure is rolled back, recorded and raised again: without RAISE the task would count as succeeded.
--
-- The streams wake the task and are read for that alone, within the transaction, so that what failed wakes it again;
-- what there is to do stands in landing. The transform changes landing rows, which wakes the task once more: it finds
-- nothing, and is quiet then. While the client writes staging (GONG_STAGING), the transform has nothing to do.

CREATE OR REPLACE PROCEDURE GONG_TRANSFORM()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    STAGED INTEGER DEFAULT 0;
BEGIN
    BEGIN TRANSACTION;

    -- statement: lock_staging
    INSERT INTO GONG_TRANSFORM_QUEUE (CALL_ID)
    SELECT CALL_ID FROM GONG_CALLS_RAW_CHANGES WHERE 0 = 1
    UNION ALL
    SELECT CALL_ID FROM GONG_CALL_TRANSCRIPTS_RAW_CHANGES WHERE 0 = 1;

    -- statement: transform_fill_queue
    -- statement: transform_refuse_calls
    -- statement: transform_mark_calls
    -- statement: transform_mark_transcripts
    -- statement: transform_calls
    STAGED := SQLROWCOUNT;
    -- statement: transform_delete_participants
    -- statement: transform_participants
    -- statement: transform_hash_sentences
    -- statement: transform_forget_analysis
    -- statement: forget_readings
    -- statement: transform_delete_chunks
    -- statement: transform_delete_sentences
    -- statement: transform_sentences
    -- statement: transform_count_sentences
    -- statement: transform_clear_queue

    COMMIT;
    RETURN OBJECT_CONSTRUCT('staged', STAGED);
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        -- statement: record_procedure_error with 'GONG_TRANSFORM'
        RAISE;
END;
$$;

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
    -- statement: retain_staged_calls_raw_call with :STAGED_OLDEST
    -- statement: retain_staged_calls_raw_transcript with :STAGED_OLDEST
    -- statement: retain_staged_calls with :STAGED_OLDEST
    REMOVED := SQLROWCOUNT;
    -- statement: retain_records with :RAW_OLDEST
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
