-- Asks about claimed calls, as `CortexSql::read` does. Replies stay in the session until they are recorded: models take
-- minutes, during which nobody waits for a lock.
-- ? JSON: parameters, ? JSON: response format, ? claim
CREATE OR REPLACE TEMPORARY TABLE GONG_AI_REPLIES AS
SELECT
    P.CALL_ID,
    P.CLAIM_ID,
    AI_COMPLETE(
        model => P.MODEL,
        prompt => P.PROMPT,
        model_parameters => PARSE_JSON(?)::OBJECT,
        response_format => PARSE_JSON(?)::OBJECT,
        show_details => TRUE,
        return_error_details => TRUE
    ) AS REPLY
FROM GONG_AI_PROMPTS AS P
WHERE P.CLAIM_ID = ?
