-- How far the share is, and whether its times are what they are taken for: milliseconds end near the call's length in
-- seconds times a thousand.
-- ? since
SELECT
    C.LATEST_AT::TIMESTAMP_LTZ AS LATEST_AT,
    U.UNITS_A_SECOND
FROM (
    SELECT MAX(ETL_MODIFIED_DATETIME) AS LATEST_AT FROM {share}.CALLS
) AS C
CROSS JOIN (
    SELECT MEDIAN(E.LAST_END / NULLIF(R.DURATION, 0)) AS UNITS_A_SECOND
    FROM (
        SELECT X.CONVERSATION_KEY, MAX(S.VALUE:"end"::FLOAT) AS LAST_END
        FROM (
            SELECT
                CONVERSATION_KEY,
                CASE
                    WHEN IS_ARRAY(TO_VARIANT(TRANSCRIPT)) THEN TO_VARIANT(TRANSCRIPT)
                    ELSE TRY_PARSE_JSON(TRANSCRIPT::VARCHAR)
                END AS MONOLOGUES
            FROM {share}.CALL_TRANSCRIPTS
            WHERE ETL_MODIFIED_DATETIME >= CAST(? AS TIMESTAMP_TZ)
            LIMIT 100
        ) AS X, LATERAL FLATTEN(INPUT => X.MONOLOGUES) AS M, LATERAL FLATTEN(INPUT => M.VALUE:sentences) AS S
        GROUP BY X.CONVERSATION_KEY
    ) AS E
    INNER JOIN {share}.CALL_RECORDINGS AS R ON R.CONVERSATION_KEY = E.CONVERSATION_KEY
) AS U
