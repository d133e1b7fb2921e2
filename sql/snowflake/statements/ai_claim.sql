-- Claims calls that lack a reading by the reader that is on, the newest first: a comparison of hashes, for which no
-- sentence is read. What was refused is asked again after an hour, as often as the reader's row says. Behind lock_leases.
-- ? claim, ? how many calls this run has asked about, ? the model that it asks
MERGE INTO CALL_READINGS AS T
USING (
    SELECT
        C.CALL_ID,
        C.SENTENCES_SHA AS TRANSCRIPT_SHA,
        S.BACKEND,
        S.MODEL,
        S.PENDING,
        S.PLACE_LIMIT,
        S.CLAIM_ID
    FROM STG_GONG_CALLS AS C
    INNER JOIN (
        SELECT BACKEND, MODEL, PENDING, MOST_SENTENCES, MOST_ATTEMPTS, ? AS CLAIM_ID, LEAST(BATCH_CALLS, MOST_CALLS - ?) AS PLACE_LIMIT
        FROM GONG_AI_READER
        WHERE ENABLED AND MODEL = ?
    ) AS S ON C.SENTENCE_COUNT BETWEEN 1 AND S.MOST_SENTENCES
    LEFT JOIN CALL_READINGS AS R
        ON R.CALL_ID = C.CALL_ID
        AND R.TRANSCRIPT_SHA = C.SENTENCES_SHA
        AND R.BACKEND = S.BACKEND
        AND R.MODEL = S.MODEL
    WHERE C.DELETED_AT IS NULL
        AND C.SENTENCES_SHA IS NOT NULL
        AND (
            R.CALL_ID IS NULL
            OR (
                R.IS_RETRYABLE
                AND R.ANSWER IS NULL
                AND R.REQUESTS < S.MOST_ATTEMPTS
                AND (R.CLAIMED_AT IS NULL OR R.CLAIMED_AT < DATEADD('hour', -1, CURRENT_TIMESTAMP()))
            )
        )
    QUALIFY ROW_NUMBER() OVER (ORDER BY C.CALL_DATETIME_UTC DESC, C.CALL_ID) <= S.PLACE_LIMIT
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
