-- What Gong found in calls, to be exported. Calls that Gong no longer serves have none.
-- ?1 JSON array of call ids
SELECT X.CALL_ID, X.FINDINGS
FROM JSON_EACH(?1) AS J
INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = J.value
INNER JOIN GONG_CALL_FINDINGS AS X ON X.CALL_KEY = C.CALL_KEY
WHERE C.DELETED_AT IS NULL
ORDER BY X.CALL_ID
