-- fakesnow: no
-- Vectors of passages. AI_EMBED has no error object: it raises on the first text that it cannot do, and a statement
-- that raises has paid for its other rows in vain.
--
-- So batches are small, a batch that raises is asked again piece by piece, and the piece that raises by itself stands
-- in the ledger with its reason; when it is asked again later, it is asked alone. Five refusals in a row are no fault
-- of the texts: the rest goes back to the queue, and the run fails. Vectors become arrays within the statement, since
-- VECTOR does not go with procedures.

CREATE OR REPLACE PROCEDURE GONG_AI_EMBED_ALONE(CLAIM VARCHAR)
RETURNS INTEGER
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    PIECE VARCHAR DEFAULT NULL;
    REFUSED_IN_A_ROW INTEGER DEFAULT 0;
    NO_VECTOR EXCEPTION (-20003, 'the model of the piece is not the one that is asked');
BEGIN
    LOOP
        SELECT MIN(WORK_ID) INTO :PIECE
        FROM GONG_AI_WORK
        WHERE CLAIM_ID = :CLAIM
            AND STATE = 'claimed'
            AND WORK_ID NOT IN (SELECT WORK_ID FROM GONG_AI_LEDGER WHERE CLAIM_ID = :CLAIM);
        IF (PIECE IS NULL OR REFUSED_IN_A_ROW >= 5) THEN
            BREAK;
        END IF;
        BEGIN
            -- statement: ai_embed with :CLAIM, :PIECE, :PIECE
            -- statement: ai_record_embedded with :CLAIM, :CLAIM
            IF (SQLROWCOUNT = 0) THEN
                RAISE NO_VECTOR;
            END IF;
            REFUSED_IN_A_ROW := 0;
        EXCEPTION
            WHEN OTHER THEN
                -- statement: ai_record_refused with :SQLERRM, :CLAIM, :PIECE
                REFUSED_IN_A_ROW := REFUSED_IN_A_ROW + 1;
        END;
    END LOOP;
    RETURN REFUSED_IN_A_ROW;
END;
$$;

CREATE OR REPLACE PROCEDURE GONG_AI_EMBED()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    CLAIM VARCHAR DEFAULT UUID_STRING();
    CLAIMED INTEGER DEFAULT 0;
    ASKED INTEGER DEFAULT 0;
    FITTING INTEGER DEFAULT 0;
    OTHER_MODEL EXCEPTION (-20002, 'statements/ai_embed.sql asks another model than GONG_AI_SETTINGS names');
BEGIN
    SELECT COUNT(*) INTO :FITTING
    FROM GONG_AI_SETTINGS
    WHERE STEP = 'embedding' AND MODEL = 'snowflake-arctic-embed-l-v2.0-8k';
    IF (FITTING = 0) THEN
        RAISE OTHER_MODEL;
    END IF;
    LOOP
        CLAIM := UUID_STRING();
        CALL GONG_AI_CLAIM('embedding', :CLAIM, :ASKED) INTO :CLAIMED;
        IF (CLAIMED = 0) THEN
            BREAK;
        END IF;
        BEGIN
            -- statement: ai_embed with :CLAIM, NULL, NULL
        EXCEPTION
            WHEN OTHER THEN
                -- statement: record_procedure_error with 'GONG_AI_EMBED batch'
        END;
        -- statement: ai_record_embedded with :CLAIM, :CLAIM
        CALL GONG_AI_EMBED_ALONE(:CLAIM);
        CALL GONG_AI_SETTLE('embedding', :CLAIM);
        ASKED := ASKED + CLAIMED;
    END LOOP;
    RETURN OBJECT_CONSTRUCT('asked', ASKED);
EXCEPTION
    WHEN OTHER THEN
        -- statement: record_procedure_error with 'GONG_AI_EMBED'
        -- statement: ai_release_claim with :CLAIM
        RAISE;
END;
$$;
