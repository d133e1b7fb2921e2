-- For accounts without AI_COMPLETE: null where it fails.
-- ? model, JSON: options, JSON: conversations, each an array of messages
SELECT
    F.INDEX AS POSITION,
    SNOWFLAKE.CORTEX.TRY_COMPLETE(?, F.VALUE::ARRAY, PARSE_JSON(?)::OBJECT) AS VALUE,
    NULL AS ERROR
FROM (SELECT PARSE_JSON(?) AS INPUT) AS B, LATERAL FLATTEN(INPUT => B.INPUT) AS F
ORDER BY F.INDEX
