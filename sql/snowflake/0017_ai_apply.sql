-- fakesnow: no
-- Brings what models answered into the staged calls, where nobody has stored insights by another way.
--
-- A call's score is the mean of its chunks on the scale -1, 0, 1 (positive, neutral or mixed, negative); AI_SENTIMENT
-- gives labels and no number. Insights that the client stored (INSIGHTS_BACKEND other than 'cortex-sql-task') stay.

CREATE OR REPLACE PROCEDURE GONG_AI_APPLY()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    APPLIED INTEGER DEFAULT 0;
BEGIN
    BEGIN TRANSACTION;
    -- statement: ai_apply_sentiment
    APPLIED := SQLROWCOUNT;
    -- statement: ai_apply_summary
    APPLIED := APPLIED + SQLROWCOUNT;
    COMMIT;
    RETURN OBJECT_CONSTRUCT('applied', APPLIED);
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        -- statement: record_procedure_error
        RAISE;
END;
$$;
