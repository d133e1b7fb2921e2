-- The tone of texts. The aspects are there because the error details come after them.
-- ? JSON: texts
SELECT T.POSITION, T.REPLY:value AS VALUE, T.REPLY:error::VARCHAR AS ERROR
FROM (
    SELECT F.INDEX AS POSITION, AI_SENTIMENT(F.VALUE::VARCHAR, ['pricing', 'product', 'support'], TRUE) AS REPLY
    FROM (SELECT PARSE_JSON(?) AS INPUT) AS B, LATERAL FLATTEN(INPUT => B.INPUT) AS F
) AS T
ORDER BY T.POSITION
