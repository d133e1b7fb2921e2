-- fakesnow: no
-- The transform as a task runs it: the statements that the client runs, in one transaction.
--
-- Each line `-- statement: NAME` below stands for statements/NAME.sql, which is put there when the migrations are
-- assembled. A failure is rolled back, recorded and raised again: without RAISE the task would count as succeeded.
-- The streams are read inside the transaction, so what failed is still in them the next time.

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

    INSERT INTO GONG_TRANSFORM_QUEUE (CALL_ID)
    SELECT CHANGED.CALL_ID
    FROM (
        SELECT CALL_ID FROM GONG_CALLS_RAW_CHANGES
        UNION
        SELECT CALL_ID FROM GONG_CALL_TRANSCRIPTS_RAW_CHANGES
    ) AS CHANGED;

    -- statement: transform_calls
    STAGED := SQLROWCOUNT;

    -- statement: transform_delete_participants
    -- statement: transform_participants
    -- statement: transform_forget_analysis
    -- statement: transform_delete_chunks
    -- statement: transform_delete_sentences
    -- statement: transform_sentences
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
