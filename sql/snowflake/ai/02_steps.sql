-- fakesnow: no
-- Has calls read within Snowflake, as a task runs it.
--
-- A run claims a batch, asks about it in one statement, and stores answers, until no call lacks a reading or MOST_CALLS
-- is reached. Answers are not checked here: whoever opens the call next with `CortexSql` holds each against the call's
-- sentences and pays nothing. When a whole batch is refused, the setting is wrong (a model that is gone, a role that
-- may not), not the calls: it is raised, so that the task fails and is suspended.
--
-- The stream wakes the task when a call is staged. A statement that changes rows has read it, whatever it selects: that is
-- taken back while calls wait, so that what a run leaves over, or was refused, wakes the next.

CREATE STREAM IF NOT EXISTS GONG_AI_CHANGES ON TABLE STG_GONG_CALLS;

CREATE OR REPLACE PROCEDURE GONG_AI_READ()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    CLAIM VARCHAR DEFAULT UUID_STRING();
    CLAIMED INTEGER DEFAULT 0;
    ASKED INTEGER DEFAULT 0;
    ANSWERED INTEGER DEFAULT 0;
    ASKED_MODEL VARCHAR DEFAULT NULL;
    ASKED_PARAMETERS VARCHAR DEFAULT NULL;
    ASKED_FORMAT VARCHAR DEFAULT NULL;
    WAITING INTEGER DEFAULT 0;
    NOTHING_ANSWERED EXCEPTION (-20001, 'nothing was answered: check model, role and region');
BEGIN
    -- Read once: what is asked is what is recorded, also when somebody changes the settings meanwhile.
    SELECT MAX(MODEL), MAX(PARAMETERS), MAX(RESPONSE_FORMAT)
    INTO :ASKED_MODEL, :ASKED_PARAMETERS, :ASKED_FORMAT
    FROM GONG_AI_READER
    WHERE ENABLED;
    LOOP
        CLAIM := UUID_STRING();
        BEGIN TRANSACTION;
        -- statement: lock_leases
        -- statement: ai_claim with :CLAIM, :ASKED, :ASKED_MODEL
        CLAIMED := SQLROWCOUNT;
        COMMIT;
        IF (CLAIMED = 0) THEN
            BREAK;
        END IF;
        -- statement: ai_ask with :ASKED_PARAMETERS, :ASKED_FORMAT, :CLAIM
        -- statement: ai_record
        SELECT COUNT(REPLY:value) INTO :ANSWERED FROM GONG_AI_REPLIES WHERE NOT IS_NULL_VALUE(REPLY:value);
        DROP TABLE GONG_AI_REPLIES;
        IF (CLAIMED >= 5 AND ANSWERED = 0) THEN
            RAISE NOTHING_ANSWERED;
        END IF;
        ASKED := ASKED + CLAIMED;
    END LOOP;
    BEGIN TRANSACTION;
    INSERT INTO GONG_TRANSFORM_QUEUE (CALL_ID)
    SELECT CALL_ID FROM GONG_AI_CHANGES WHERE 0 = 1;
    SELECT COUNT(*) INTO :WAITING FROM GONG_AI_WAITING;
    IF (WAITING = 0) THEN
        COMMIT;
    ELSE
        ROLLBACK;
    END IF;
    RETURN OBJECT_CONSTRUCT('asked', ASKED, 'waiting', WAITING);
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        -- statement: record_procedure_error with 'GONG_AI_READ'
        -- statement: ai_release with :CLAIM
        RAISE;
END;
$$;
