-- Claims calls that wait for the reader that is on, the newest first, unless somebody asks about them: after an hour a claim
-- is nobody's, and what was refused is asked again. Behind lock_leases.
-- ? claim, ? how many calls this run has asked about, ? the model that it asks
MERGE INTO CALL_READINGS AS T
USING (
    SELECT W.CALL_ID, W.TRANSCRIPT_SHA, W.BACKEND, W.MODEL, W.PENDING, W.CLAIM_ID
    FROM (
        SELECT
            CALL_ID,
            CALL_DATETIME_UTC,
            TRANSCRIPT_SHA,
            BACKEND,
            MODEL,
            PENDING,
            ? AS CLAIM_ID,
            LEAST(BATCH_CALLS, MOST_CALLS - ?) AS PLACE_LIMIT
        FROM GONG_AI_WAITING
        WHERE MODEL = ? AND (CLAIMED_AT IS NULL OR CLAIMED_AT < DATEADD('hour', -1, CURRENT_TIMESTAMP()))
    ) AS W
    QUALIFY ROW_NUMBER() OVER (ORDER BY W.CALL_DATETIME_UTC DESC, W.CALL_ID) <= W.PLACE_LIMIT
) AS S
    ON T.CALL_ID = S.CALL_ID
    AND T.TRANSCRIPT_SHA = S.TRANSCRIPT_SHA
    AND T.BACKEND = S.BACKEND
    AND T.MODEL = S.MODEL
WHEN MATCHED THEN UPDATE SET CLAIM_ID = S.CLAIM_ID, CLAIMED_AT = CURRENT_TIMESTAMP()
WHEN NOT MATCHED THEN INSERT
    (
        CALL_ID, TRANSCRIPT_SHA, BACKEND, MODEL, READ_AT, DEAL_HEALTH_WHY, SUMMARY, REQUESTS, FAILED, IS_RETRYABLE,
        READING, CLAIM_ID, CLAIMED_AT
    )
    VALUES (
        S.CALL_ID, S.TRANSCRIPT_SHA, S.BACKEND, S.MODEL, CURRENT_TIMESTAMP(), PARSE_JSON('[]'), '', 0, S.PENDING:failed, TRUE,
        S.PENDING, S.CLAIM_ID, CURRENT_TIMESTAMP()
    )
