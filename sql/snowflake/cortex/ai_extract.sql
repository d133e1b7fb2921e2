-- Answers to questions about texts. The error is part of the reply.
-- ? JSON: questions by name, JSON: texts
SELECT T.POSITION, T.REPLY:response AS VALUE, T.REPLY:error::VARCHAR AS ERROR
FROM (
    SELECT
        F.INDEX AS POSITION,
        AI_EXTRACT(text => F.VALUE::VARCHAR, responseFormat => PARSE_JSON(?)::OBJECT) AS REPLY
    FROM (SELECT PARSE_JSON(?) AS INPUT) AS B, LATERAL FLATTEN(INPUT => B.INPUT) AS F
) AS T
ORDER BY T.POSITION
