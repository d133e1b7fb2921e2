-- Calls in a list: of a period, and of a rep, of a deal, without insights or with a transcript where that is asked. A
-- deal that was merged into another stands for it. One of the rep's id, e-mail and name is given, the others are null.
-- ? from, ? to, ? only without insights, ? only with transcript, ? whether a rep is given, ? rep's id, ? e-mail folded,
-- ? name folded, ? whether a deal is given, ? and ? and ? the deal, ? whether a reader is
-- given whose reading is lacking, ? its backend, ? its model, ? whether the oldest come first, ? limit
SELECT
    C.CALL_ID,
    C.CALL_TITLE,
    C.CALL_DATETIME_UTC,
    C.CALL_DURATION_SECONDS,
    C.PRIMARY_USER_ID,
    C.PRIMARY_USER_EMAIL,
    C.PRIMARY_USER_NAME,
    C.HUBSPOT_DEAL_ID,
    C.SENTIMENT_SCORE,
    C.SENTIMENT_LABEL,
    C.SENTENCE_COUNT IS NOT NULL AS HAS_TRANSCRIPT
FROM STG_GONG_CALLS AS C
WHERE C.CALL_DATETIME_UTC >= CAST(? AS TIMESTAMP_NTZ)
    AND C.CALL_DATETIME_UTC < CAST(? AS TIMESTAMP_NTZ)
    AND C.DELETED_AT IS NULL
    AND (NOT ? OR C.INSIGHTS_BACKEND IS NULL)
    AND (NOT ? OR C.SENTENCE_COUNT IS NOT NULL)
    AND (NOT ? OR C.PRIMARY_USER_ID = ? OR C.PRIMARY_USER_EMAIL_FOLDED = ? OR C.PRIMARY_USER_NAME_FOLDED = ?)
    AND (
        NOT ?
        OR C.CALL_ID IN (
            SELECT L.CALL_ID
            FROM STG_GONG_CALL_CRM_LINKS AS L
            LEFT JOIN CRM_GONE_RECORDS AS G ON G.OBJECT_KIND = 'deal' AND G.SURVIVOR_ID = L.OBJECT_ID AND G.OBJECT_ID = ?
            WHERE L.OBJECT_KIND = 'deal'
                AND (
                    G.OBJECT_ID IS NOT NULL
                    OR (
                        L.OBJECT_ID = ?
                        AND NOT EXISTS (
                            SELECT 1
                            FROM CRM_GONE_RECORDS AS M
                            WHERE M.OBJECT_KIND = 'deal' AND M.OBJECT_ID = ? AND M.SURVIVOR_ID IS NOT NULL
                        )
                    )
                )
        )
    )
    AND (
        NOT ?
        OR NOT EXISTS (
            SELECT 1
            FROM CALL_READINGS AS R
            WHERE R.CALL_ID = C.CALL_ID
                AND R.TRANSCRIPT_SHA = C.SENTENCES_SHA
                AND R.BACKEND = ?
                AND R.MODEL = ?
                AND NOT R.IS_RETRYABLE
        )
    )
ORDER BY CASE WHEN ? THEN C.CALL_DATETIME_UTC END, C.CALL_DATETIME_UTC DESC, C.CALL_ID
LIMIT ?
