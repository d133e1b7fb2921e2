-- fakesnow: no
-- Brings what models answered into the staged calls that no language backend has analysed yet.
--
-- Tone, summary, topics, risks and next steps are then in the views and the figures of reps. INSIGHTS_BACKEND stays
-- null: it marks an analysis with sentences to cite and chunks to find, which these answers are not, and a call
-- without it stays in the backlog of the agents. What they store takes the place of all of this.

CREATE OR REPLACE PROCEDURE GONG_AI_APPLY()
RETURNS VARIANT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    APPLIED INTEGER DEFAULT 0;
BEGIN
    -- statement: ai_apply
    APPLIED := SQLROWCOUNT;
    RETURN OBJECT_CONSTRUCT('applied', APPLIED);
EXCEPTION
    WHEN OTHER THEN
        -- statement: record_procedure_error with 'GONG_AI_APPLY'
        RAISE;
END;
$$;
