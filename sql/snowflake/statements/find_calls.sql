-- Calls in a list: of a period, and of a rep, of a deal, with somebody, with an account, in a stage, of an outcome, of a
-- type, with words, without insights or with a transcript where that is asked. A deal that was merged into another stands
-- for it. One of the reps' ids, e-mail and name is given, the others are null.
-- ? from, ? to, ? only without insights, ? only with transcript, ? whether a rep is given, ? JSON array of ids of reps, ? e-mail folded,
-- ? name folded, ? whether a deal is given, ? and ? and ? the deal, ? whether a reader is
-- given whose reading is lacking, ? its backend, ? its model, ? whether a participant is given, ? their e-mail, ? whether
-- an account is given, ? its name, ? and ? its domain, ? its name, ? whether a stage or an outcome is given, ? and ? and ? the stage, ? and ? the outcome, ? whether a call type is given, ? that,
-- ? whether words are given, ? and ? JSON arrays of them as SEARCH_TERMS holds them and in lower case, ? whether the
-- oldest come first, ? limit
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
    AND (
        NOT ?
        OR C.PRIMARY_USER_ID IN (
            SELECT F.VALUE::VARCHAR
            FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
        )
        OR C.PRIMARY_USER_EMAIL_FOLDED = ?
        OR C.PRIMARY_USER_NAME_FOLDED = ?
    )
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
    AND (
        NOT ?
        OR C.CALL_ID IN (
            SELECT CALL_ID FROM STG_GONG_CALL_PARTICIPANTS WHERE LOWER(PARTICIPANT_EMAIL) = LOWER(?)
        )
    )
    AND (
        NOT ?
        OR C.CALL_ID IN (
            SELECT L.CALL_ID
            FROM CRM_COMPANIES AS Y
            INNER JOIN STG_GONG_CALL_CRM_LINKS AS L ON L.OBJECT_KIND = 'company' AND L.OBJECT_ID = Y.COMPANY_ID
            WHERE LOWER(Y.COMPANY_NAME) = ? OR LOWER(Y.DOMAIN) = ?
        )
        OR C.CALL_ID IN (
            SELECT CALL_ID
            FROM STG_GONG_CALL_PARTICIPANTS
            WHERE AFFILIATION <> 'Internal' AND LOWER(SPLIT_PART(PARTICIPANT_EMAIL, '@', 2)) = ?
        )
        OR C.CALL_ID IN (
            SELECT G.CALL_ID
            FROM STG_GONG_CALLS AS G, LATERAL FLATTEN(INPUT => G.CRM_REFERENCES) AS F
            WHERE F.VALUE:kind::VARCHAR = 'Company' AND LOWER(F.VALUE:name::VARCHAR) = ?
        )
    )
    AND (
        NOT ?
        OR C.HUBSPOT_DEAL_ID IN (
            SELECT DEAL_ID
            FROM CRM_DEALS
            WHERE (CAST(? AS VARCHAR) IS NULL OR LOWER(STAGE_LABEL) = LOWER(?) OR LOWER(STAGE_ID) = LOWER(?))
                AND (CAST(? AS VARCHAR) IS NULL OR OUTCOME = ?)
        )
    )
    AND (
        NOT ?
        OR C.CALL_ID IN (
            SELECT R.CALL_ID
            FROM CALL_READINGS AS R
            WHERE R.TRANSCRIPT_SHA = C.SENTENCES_SHA AND R.CALL_TYPE = ?
        )
    )
    AND (
        NOT ?
        OR C.CALL_ID IN (
            SELECT K.CALL_ID
            FROM STG_GONG_TRANSCRIPT_CHUNKS AS K, LATERAL FLATTEN(INPUT => PARSE_JSON(?)) AS W
            GROUP BY K.CALL_ID, K.CHUNK_INDEX
            HAVING COUNT_IF(NOT CONTAINS(K.SEARCH_TERMS, W.VALUE::VARCHAR)) = 0
        )
        OR C.CALL_ID IN (
            SELECT T.CALL_ID
            FROM STG_GONG_CALLS AS T, LATERAL FLATTEN(INPUT => PARSE_JSON(?)) AS W
            GROUP BY T.CALL_ID
            HAVING COUNT_IF(NOT CONTAINS(LOWER(COALESCE(T.CALL_TITLE, '')), W.VALUE::VARCHAR)) = 0
        )
    )
ORDER BY CASE WHEN ? THEN C.CALL_DATETIME_UTC END, C.CALL_DATETIME_UTC DESC, C.CALL_ID
LIMIT ?
