-- Free text.
-- ? model, JSON: parameters, JSON: prompts
SELECT T.POSITION, T.REPLY:value AS VALUE, T.REPLY:error::VARCHAR AS ERROR
FROM (
    SELECT
        F.INDEX AS POSITION,
        AI_COMPLETE(
            model => ?,
            prompt => F.VALUE::VARCHAR,
            model_parameters => PARSE_JSON(?)::OBJECT,
            show_details => TRUE,
            return_error_details => TRUE
        ) AS REPLY
    FROM (SELECT PARSE_JSON(?) AS INPUT) AS B, LATERAL FLATTEN(INPUT => B.INPUT) AS F
) AS T
ORDER BY T.POSITION
