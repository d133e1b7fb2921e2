-- Calls of a deal, whichever of their deals it is, also when it was merged into another.
-- ?1 from, ?2 to, ?3 deal, ?4 only without insights, ?5 only with transcript, ?6 limit,
-- ?7 whether the oldest come first,
-- ?8 backend of whose reading is lacking or null for all, ?9 its model
SELECT C.CALL_ID, C.CALL_TITLE, C.CALL_DATETIME_UTC, C.CALL_DURATION_SECONDS, C.PRIMARY_USER_ID,
       C.PRIMARY_USER_EMAIL, C.PRIMARY_USER_NAME, C.HUBSPOT_DEAL_ID, C.SENTIMENT_SCORE,
       C.SENTIMENT_LABEL, C.SENTENCE_COUNT IS NOT NULL
FROM STG_GONG_CALLS AS C
WHERE C.CALL_ID IN (
        SELECT CALL_ID
        FROM STG_GONG_CALL_CRM_LINKS
        WHERE OBJECT_KIND = 'deal'
            AND OBJECT_ID = COALESCE(
                (SELECT SURVIVOR_ID FROM CRM_GONE_RECORDS WHERE OBJECT_KIND = 'deal' AND OBJECT_ID = ?3), ?3
            )
    )
    AND C.CALL_DATETIME_UTC >= ?1
    AND C.CALL_DATETIME_UTC < ?2
    AND C.DELETED_AT IS NULL
    AND (NOT ?4 OR C.INSIGHTS_BACKEND IS NULL)
    AND (NOT ?5 OR C.SENTENCE_COUNT IS NOT NULL)
    AND (
        ?8 IS NULL
        OR NOT EXISTS (
            SELECT 1
            FROM CALL_READINGS AS R
            WHERE R.CALL_ID = C.CALL_ID
                AND R.TRANSCRIPT_SHA = C.SENTENCES_SHA
                AND R.BACKEND = ?8
                AND R.MODEL = ?9
                AND NOT R.IS_RETRYABLE
        )
    )
ORDER BY CASE WHEN ?7 THEN C.CALL_DATETIME_UTC END, C.CALL_DATETIME_UTC DESC, C.CALL_ID
LIMIT ?6
