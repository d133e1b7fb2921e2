-- Calls of a period, newest first.
-- ?1 from, ?2 to, ?3 only without insights, ?4 only with transcript, ?5 limit,
-- ?6 backend of whose reading is lacking or null for all, ?7 its model
SELECT C.CALL_ID, C.CALL_TITLE, C.CALL_DATETIME_UTC, C.CALL_DURATION_SECONDS, C.PRIMARY_USER_ID,
       C.PRIMARY_USER_EMAIL, C.PRIMARY_USER_NAME, C.HUBSPOT_DEAL_ID, C.SENTIMENT_SCORE,
       C.SENTIMENT_LABEL, C.SENTENCE_COUNT IS NOT NULL
FROM STG_GONG_CALLS AS C
WHERE C.CALL_DATETIME_UTC >= ?1
    AND C.CALL_DATETIME_UTC < ?2
    AND C.DELETED_AT IS NULL
    AND (NOT ?3 OR C.INSIGHTS_BACKEND IS NULL)
    AND (NOT ?4 OR C.SENTENCE_COUNT IS NOT NULL)
    AND (
        ?6 IS NULL
        OR NOT EXISTS (
            SELECT 1
            FROM CALL_READINGS AS R
            WHERE R.CALL_ID = C.CALL_ID
                AND R.TRANSCRIPT_SHA = C.SENTENCES_SHA
                AND R.BACKEND = ?6
                AND R.MODEL = ?7
                AND NOT R.IS_RETRYABLE
        )
    )
ORDER BY C.CALL_DATETIME_UTC DESC, C.CALL_ID
LIMIT ?5
