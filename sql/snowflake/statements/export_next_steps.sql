-- What is to happen after calls, to be exported. Calls that Gong no longer serves have none.
-- ? JSON array of call ids
SELECT
    X.CALL_ID,
    X.CALL_TITLE,
    X.CALL_DATETIME_UTC,
    X.CALL_URL,
    X.PRIMARY_USER_NAME,
    X.HUBSPOT_DEAL_ID,
    X.WHAT,
    X.OWNER,
    X.OWNER_NAME,
    X.DUE::VARCHAR AS DUE,
    X.DUE_SAID,
    X.STATUS,
    X.CONFIDENCE,
    TO_JSON(X.SENTENCES) AS SENTENCES,
    X.BACKEND,
    X.MODEL
FROM VW_NEXT_STEPS AS X
WHERE X.CALL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
ORDER BY X.CALL_ID, X.BACKEND, X.MODEL
