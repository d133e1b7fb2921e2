-- fakesnow: no
-- The paid steps, each a procedure of its own: what one costs or breaks does not touch another.
--
-- A step claims a batch, asks for it in one statement, and records answers and refusals, until nothing is queued or
-- MOST_ROWS is reached. A statement that fails as a whole has asked nothing that is known of, so its batch goes back.

CREATE OR REPLACE PROCEDURE GONG_AI_SENTIMENT()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    CLAIM VARCHAR DEFAULT UUID_STRING();
    CLAIMED INTEGER DEFAULT 0;
    ASKED INTEGER DEFAULT 0;
BEGIN
    LOOP
        CLAIM := UUID_STRING();
        CALL GONG_AI_CLAIM('sentiment', :CLAIM, :ASKED) INTO :CLAIMED;
        IF (CLAIMED = 0) THEN
            BREAK;
        END IF;
        -- statement: ai_ask_sentiment with :CLAIM
        CALL GONG_AI_SETTLE('sentiment', :CLAIM);
        ASKED := ASKED + CLAIMED;
    END LOOP;
    RETURN OBJECT_CONSTRUCT('asked', ASKED);
EXCEPTION
    WHEN OTHER THEN
        -- statement: record_procedure_error with 'GONG_AI_SENTIMENT'
        -- statement: ai_release_claim with :CLAIM
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
    ASKED INTEGER DEFAULT 0;
    ASKED_MODEL VARCHAR DEFAULT NULL;
    ASKED_PROMPT VARCHAR DEFAULT NULL;
    ASKED_VERSION INTEGER DEFAULT NULL;
BEGIN
    -- Read once: what is asked is what is recorded, also when somebody changes the settings meanwhile.
    SELECT MODEL, PROMPT, PROMPT_VERSION INTO :ASKED_MODEL, :ASKED_PROMPT, :ASKED_VERSION
    FROM GONG_AI_SETTINGS
    WHERE STEP = 'summary';
    LOOP
        CLAIM := UUID_STRING();
        CALL GONG_AI_CLAIM('summary', :CLAIM, :ASKED) INTO :CLAIMED;
        IF (CLAIMED = 0) THEN
            BREAK;
        END IF;
        -- statement: ai_ask_summary with :ASKED_MODEL, :ASKED_PROMPT, :CLAIM, :ASKED_MODEL, :ASKED_VERSION
        CALL GONG_AI_SETTLE('summary', :CLAIM);
        ASKED := ASKED + CLAIMED;
    END LOOP;
    RETURN OBJECT_CONSTRUCT('asked', ASKED);
EXCEPTION
    WHEN OTHER THEN
        -- statement: record_procedure_error with 'GONG_AI_SUMMARY'
        -- statement: ai_release_claim with :CLAIM
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
    ASKED INTEGER DEFAULT 0;
    ASKED_PROMPT VARCHAR DEFAULT NULL;
    ASKED_VERSION INTEGER DEFAULT NULL;
BEGIN
    SELECT PROMPT, PROMPT_VERSION INTO :ASKED_PROMPT, :ASKED_VERSION FROM GONG_AI_SETTINGS WHERE STEP = 'signals';
    LOOP
        CLAIM := UUID_STRING();
        CALL GONG_AI_CLAIM('signals', :CLAIM, :ASKED) INTO :CLAIMED;
        IF (CLAIMED = 0) THEN
            BREAK;
        END IF;
        -- statement: ai_ask_signals with :ASKED_PROMPT, :CLAIM, :ASKED_VERSION
        CALL GONG_AI_SETTLE('signals', :CLAIM);
        ASKED := ASKED + CLAIMED;
    END LOOP;
    RETURN OBJECT_CONSTRUCT('asked', ASKED);
EXCEPTION
    WHEN OTHER THEN
        -- statement: record_procedure_error with 'GONG_AI_SIGNALS'
        -- statement: ai_release_claim with :CLAIM
        RAISE;
END;
$$;
