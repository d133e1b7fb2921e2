-- fakesnow: no
-- Merges what was streamed, for backfills whose client does not stay until the end.

CREATE OR REPLACE PROCEDURE GONG_MERGE_STREAMED()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    MERGED INTEGER DEFAULT 0;
BEGIN
    BEGIN TRANSACTION;
    -- statement: merge_streamed_calls
    MERGED := SQLROWCOUNT;
    -- statement: merge_streamed_transcripts
    MERGED := MERGED + SQLROWCOUNT;
    -- statement: clear_streamed_calls
    -- statement: clear_streamed_transcripts
    COMMIT;
    RETURN OBJECT_CONSTRUCT('merged', MERGED);
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        -- statement: record_procedure_error with 'GONG_MERGE_STREAMED'
        RAISE;
END;
$$;
