-- fakesnow: no
-- Fills the queue of paid work from what is staged. It asks no model, so it may run as often as one likes.
--
-- Chunks follow the order of speaking and hold at most 900 words, below the 2,048 tokens that AI_SENTIMENT reads.
-- A call's summary is asked for once its words change, not once it lands: the text is part of WORK_ID.

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

    -- statement: ai_clear_chunks
    -- statement: ai_chunk_calls
    -- statement: ai_enqueue_chunks
    QUEUED := SQLROWCOUNT;
    -- statement: ai_enqueue_summaries
    QUEUED := QUEUED + SQLROWCOUNT;
    -- statement: ai_clear_links
    -- statement: ai_link_work

    COMMIT;
    RETURN OBJECT_CONSTRUCT('queued', QUEUED);
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        -- statement: record_procedure_error
        RAISE;
END;
$$;
