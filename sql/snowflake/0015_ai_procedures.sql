-- fakesnow: no
-- The paid steps, each a statement of its own behind a guard: what one costs or breaks does not touch another.
--
-- A procedure claims queued work in a transaction of its own, asks for it, and records answers and refusals. What
-- is claimed and never answered (the session died) is queued again after an hour; three attempts are the most.
-- A batch of which not one row is answered is a wrong setting (a model that is gone, a role that may not), not a
-- result: it is raised, so that the task fails and is suspended before it spends more.

CREATE OR REPLACE PROCEDURE GONG_AI_CLAIM(STEP_NAME VARCHAR, CLAIM VARCHAR)
RETURNS INTEGER
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    CLAIMED INTEGER DEFAULT 0;
BEGIN
    BEGIN TRANSACTION;

    UPDATE GONG_AI_WORK
    SET STATE = IFF(ATTEMPTS < S.MOST_ATTEMPTS, 'queued', 'failed')
    FROM GONG_AI_SETTINGS AS S
    WHERE GONG_AI_WORK.STEP = S.STEP
        AND GONG_AI_WORK.STEP = :STEP_NAME
        AND GONG_AI_WORK.STATE = 'claimed'
        AND GONG_AI_WORK.CLAIMED_AT < DATEADD(HOUR, -1, CURRENT_TIMESTAMP());

    UPDATE GONG_AI_WORK
    SET STATE = 'claimed', CLAIM_ID = :CLAIM, CLAIMED_AT = CURRENT_TIMESTAMP(), ATTEMPTS = ATTEMPTS + 1
    WHERE WORK_ID IN (
        SELECT W.WORK_ID
        FROM GONG_AI_WORK AS W
        INNER JOIN GONG_AI_SETTINGS AS S ON W.STEP = S.STEP
        WHERE W.STEP = :STEP_NAME AND W.STATE = 'queued' AND S.ENABLED
        QUALIFY ROW_NUMBER() OVER (ORDER BY W.QUEUED_AT, W.WORK_ID) <= S.MOST_ROWS
    );
    CLAIMED := SQLROWCOUNT;

    COMMIT;
    RETURN CLAIMED;
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        RAISE;
END;
$$;

CREATE OR REPLACE PROCEDURE GONG_AI_SETTLE(CLAIM VARCHAR)
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    ASKED INTEGER DEFAULT 0;
    ANSWERED INTEGER DEFAULT 0;
    NOTHING_ANSWERED EXCEPTION (-20001, 'no row of the batch was answered: check model, role and region');
BEGIN
    SELECT COUNT(*), COUNT(RESULT) INTO :ASKED, :ANSWERED FROM GONG_AI_LEDGER WHERE CLAIM_ID = :CLAIM;

    UPDATE GONG_AI_WORK
    SET
        STATE = CASE
            WHEN L.RESULT IS NOT NULL THEN 'done'
            WHEN GONG_AI_WORK.ATTEMPTS < S.MOST_ATTEMPTS THEN 'queued'
            ELSE 'failed'
        END,
        LAST_ERROR = L.ERROR,
        FINISHED_AT = IFF(L.RESULT IS NULL, NULL, CURRENT_TIMESTAMP())
    FROM GONG_AI_LEDGER AS L, GONG_AI_SETTINGS AS S
    WHERE GONG_AI_WORK.WORK_ID = L.WORK_ID
        AND GONG_AI_WORK.STEP = S.STEP
        AND L.CLAIM_ID = :CLAIM
        AND GONG_AI_WORK.CLAIM_ID = :CLAIM;

    IF (ASKED > 0 AND ANSWERED = 0) THEN
        RAISE NOTHING_ANSWERED;
    END IF;
    RETURN OBJECT_CONSTRUCT('asked', ASKED, 'answered', ANSWERED);
END;
$$;

CREATE OR REPLACE PROCEDURE GONG_AI_SENTIMENT()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    CLAIM VARCHAR DEFAULT UUID_STRING();
    CLAIMED INTEGER DEFAULT 0;
    SETTLED VARIANT DEFAULT NULL;
BEGIN
    CALL GONG_AI_CLAIM('sentiment', :CLAIM) INTO :CLAIMED;
    IF (CLAIMED = 0) THEN
        RETURN OBJECT_CONSTRUCT('asked', 0);
    END IF;

    INSERT INTO GONG_AI_LEDGER (WORK_ID, STEP, MODEL, RESULT, ERROR, CLAIM_ID, ANSWERED_AT)
    SELECT WORK_ID, STEP, MODEL, REPLY:value, REPLY:error::VARCHAR, CLAIM_ID, CURRENT_TIMESTAMP()
    FROM (
        SELECT WORK_ID, STEP, MODEL, CLAIM_ID, AI_SENTIMENT(INPUT_TEXT, ['pricing', 'product', 'support'], TRUE) AS REPLY
        FROM GONG_AI_WORK
        WHERE CLAIM_ID = :CLAIM AND STATE = 'claimed'
    );

    CALL GONG_AI_SETTLE(:CLAIM) INTO :SETTLED;
    RETURN SETTLED;
EXCEPTION
    WHEN OTHER THEN
        -- statement: record_procedure_error
        RAISE;
END;
$$;

CREATE OR REPLACE PROCEDURE GONG_AI_SUMMARY()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    CLAIM VARCHAR DEFAULT UUID_STRING();
    CLAIMED INTEGER DEFAULT 0;
    ASKED_MODEL VARCHAR DEFAULT NULL;
    ASKED_PROMPT VARCHAR DEFAULT NULL;
    SETTLED VARIANT DEFAULT NULL;
BEGIN
    CALL GONG_AI_CLAIM('summary', :CLAIM) INTO :CLAIMED;
    IF (CLAIMED = 0) THEN
        RETURN OBJECT_CONSTRUCT('asked', 0);
    END IF;
    SELECT MODEL, PROMPT INTO :ASKED_MODEL, :ASKED_PROMPT FROM GONG_AI_SETTINGS WHERE STEP = 'summary';

    -- Every property is required and no other is allowed: OpenAI's models refuse a schema that says less.
    INSERT INTO GONG_AI_LEDGER (WORK_ID, STEP, MODEL, RESULT, ERROR, CLAIM_ID, ANSWERED_AT)
    SELECT WORK_ID, STEP, MODEL, REPLY:value, REPLY:error::VARCHAR, CLAIM_ID, CURRENT_TIMESTAMP()
    FROM (
        SELECT
            W.WORK_ID,
            W.STEP,
            W.MODEL,
            W.CLAIM_ID,
            AI_COMPLETE(
                model => :ASKED_MODEL,
                prompt => REPLACE(:ASKED_PROMPT, '{0}', W.INPUT_TEXT),
                model_parameters => {'temperature': 0, 'max_tokens': 1024},
                response_format => {
                    'type': 'json',
                    'schema': {
                        'type': 'object',
                        'properties': {
                            'summary': {'type': 'string'},
                            'next_steps': {'type': 'array', 'items': {'type': 'string'}},
                            'risks': {'type': 'array', 'items': {'type': 'string'}}
                        },
                        'required': ['summary', 'next_steps', 'risks'],
                        'additionalProperties': FALSE
                    }
                },
                return_error_details => TRUE
            ) AS REPLY
        FROM GONG_AI_WORK AS W
        WHERE W.CLAIM_ID = :CLAIM AND W.STATE = 'claimed'
    );

    CALL GONG_AI_SETTLE(:CLAIM) INTO :SETTLED;
    RETURN SETTLED;
EXCEPTION
    WHEN OTHER THEN
        -- statement: record_procedure_error
        RAISE;
END;
$$;

CREATE OR REPLACE PROCEDURE GONG_AI_SIGNALS()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    CLAIM VARCHAR DEFAULT UUID_STRING();
    CLAIMED INTEGER DEFAULT 0;
    ASKED_PROMPT VARCHAR DEFAULT NULL;
    SETTLED VARIANT DEFAULT NULL;
BEGIN
    CALL GONG_AI_CLAIM('signals', :CLAIM) INTO :CLAIMED;
    IF (CLAIMED = 0) THEN
        RETURN OBJECT_CONSTRUCT('asked', 0);
    END IF;
    SELECT PROMPT INTO :ASKED_PROMPT FROM GONG_AI_SETTINGS WHERE STEP = 'signals';

    -- Labels are billed with every row, so they are few and short.
    INSERT INTO GONG_AI_LEDGER (WORK_ID, STEP, MODEL, RESULT, ERROR, CLAIM_ID, ANSWERED_AT)
    SELECT WORK_ID, STEP, MODEL, REPLY:value, REPLY:error::VARCHAR, CLAIM_ID, CURRENT_TIMESTAMP()
    FROM (
        SELECT
            W.WORK_ID,
            W.STEP,
            W.MODEL,
            W.CLAIM_ID,
            AI_CLASSIFY(
                W.INPUT_TEXT,
                ['objection', 'pricing', 'competitor', 'decision process', 'next step', 'none of these'],
                {'task_description': :ASKED_PROMPT, 'output_mode': 'multi'},
                TRUE
            ) AS REPLY
        FROM GONG_AI_WORK AS W
        WHERE W.CLAIM_ID = :CLAIM AND W.STATE = 'claimed'
    );

    CALL GONG_AI_SETTLE(:CLAIM) INTO :SETTLED;
    RETURN SETTLED;
EXCEPTION
    WHEN OTHER THEN
        -- statement: record_procedure_error
        RAISE;
END;
$$;
