-- A row for each pair and label. The flag is BOOLEAN in some shares and text in others.
-- ? JSON: ids, all digits
SELECT TO_VARCHAR({from}) AS FROM_ID, TO_VARCHAR({to}) AS TO_ID, LOWER(TO_VARCHAR({main})) = 'true' AS IS_MAIN
FROM {table}
WHERE {from} IN (
    SELECT F.VALUE::VARCHAR::NUMBER(38, 0)
    FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
)
