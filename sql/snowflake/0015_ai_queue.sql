-- fakesnow: no
-- Fills the queue of paid work from what is staged. It asks no model, so it may run as often as one likes.

CREATE OR REPLACE PROCEDURE GONG_AI_ENQUEUE()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    QUEUED INTEGER DEFAULT 0;
BEGIN
    BEGIN TRANSACTION;

    -- statement: ai_drop_chunks
    -- statement: ai_add_chunks
    -- statement: ai_drop_unwanted
    -- statement: ai_enqueue
    QUEUED := SQLROWCOUNT;
    -- statement: ai_link_calls

    COMMIT;
    RETURN OBJECT_CONSTRUCT('queued', QUEUED);
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        -- statement: record_procedure_error with 'GONG_AI_ENQUEUE'
        RAISE;
END;
$$;
