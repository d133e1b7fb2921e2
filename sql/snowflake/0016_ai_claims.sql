-- fakesnow: no
-- Who asks for what: a batch of queued work is claimed before it is asked, and settled after.
--
-- What is claimed and not settled within two hours (the session died; no run may take longer than one) is queued
-- again, unless the ledger has its answer. A piece is asked half an hour after it failed at the earliest, and as
-- often as GONG_AI_SETTINGS.MOST_ATTEMPTS says.

CREATE OR REPLACE PROCEDURE GONG_AI_CLAIM(STEP_NAME VARCHAR, CLAIM VARCHAR, ASKED INTEGER)
RETURNS INTEGER
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    CLAIMED INTEGER DEFAULT 0;
BEGIN
    BEGIN TRANSACTION;
    -- statement: ai_settle_answered with :STEP_NAME
    -- statement: ai_requeue_stale with :STEP_NAME
    -- statement: ai_claim with :CLAIM, :STEP_NAME, :ASKED
    CLAIMED := SQLROWCOUNT;
    COMMIT;
    RETURN CLAIMED;
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        -- statement: record_procedure_error with 'GONG_AI_CLAIM'
        RAISE;
END;
$$;

-- When the latest five pieces of a step, or a whole batch of more, were refused one and all, the setting is wrong
-- (a model that is gone, a role that may not), not the texts: it is raised, so that the task fails and is suspended.
-- What was claimed and not asked goes back to the queue.
CREATE OR REPLACE PROCEDURE GONG_AI_SETTLE(STEP_NAME VARCHAR, CLAIM VARCHAR)
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    ASKED INTEGER DEFAULT 0;
    ANSWERED INTEGER DEFAULT 0;
    LATEST INTEGER DEFAULT 0;
    LATEST_ANSWERED INTEGER DEFAULT 0;
    NOTHING_ANSWERED EXCEPTION (-20001, 'nothing was answered lately: check model, role and region');
BEGIN
    BEGIN TRANSACTION;
    -- statement: ai_settle_claim with :CLAIM, :CLAIM
    -- statement: ai_release_claim with :CLAIM
    COMMIT;

    SELECT COUNT(*), COUNT(RESULT) INTO :ASKED, :ANSWERED FROM GONG_AI_LEDGER WHERE CLAIM_ID = :CLAIM;
    SELECT COUNT(*), COUNT(RESULT) INTO :LATEST, :LATEST_ANSWERED
    FROM (
        SELECT RESULT
        FROM GONG_AI_LEDGER
        WHERE STEP = :STEP_NAME
        QUALIFY ROW_NUMBER() OVER (ORDER BY ANSWERED_AT DESC, WORK_ID) <= GREATEST(5, :ASKED)
    ) AS L;
    IF (LATEST >= 5 AND LATEST_ANSWERED = 0) THEN
        RAISE NOTHING_ANSWERED;
    END IF;
    RETURN OBJECT_CONSTRUCT('asked', ASKED, 'answered', ANSWERED);
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        -- statement: record_procedure_error with 'GONG_AI_SETTLE'
        RAISE;
END;
$$;
