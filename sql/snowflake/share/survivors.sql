-- Records that took others in, by the ids of those.
-- ? JSON: ids, all digits
SELECT {columns}
FROM {table}
WHERE OBJECTID IN (
    SELECT R.OBJECTID
    FROM {table} AS R, LATERAL FLATTEN(INPUT => SPLIT(TO_VARCHAR(R.PROPERTY_HS_MERGED_OBJECT_IDS), ';')) AS M
    WHERE TRIM(M.VALUE::VARCHAR) IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
)
