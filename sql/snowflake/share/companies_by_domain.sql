-- ? JSON: domains in lower case, without www. and final dot
SELECT {columns}
FROM {table}
WHERE REGEXP_REPLACE(RTRIM(LOWER(TRIM(PROPERTY_DOMAIN)), '.'), '^www[.]', '') IN (
    SELECT F.VALUE::VARCHAR
    FROM (SELECT PARSE_JSON(?) AS KEYS) AS B, LATERAL FLATTEN(INPUT => B.KEYS) AS F
)
