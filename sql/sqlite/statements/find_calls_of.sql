-- Calls of a deal, with a participant, with an account or with words: of these, those that are given must all fit.
-- The first that is given is looked up in its index, the others are then asked of few calls. A deal is any of the
-- call's, and one that was merged into another stands for it.
-- The values of every find_calls statement, those that it does not name included:
-- ?1 from, ?2 to, ?3 only without insights, ?4 only with transcript, ?5 backend of whose reading is
-- lacking or null for all, ?6 its model, ?7 deal stage, ?8 deal outcome, ?9 call type, each or null,
-- ?10 whether the oldest come first, ?11 JSON array of ids of reps, ?12 a rep's e-mail folded, ?13 name folded, ?14 deal,
-- ?15 participant's e-mail, ?16 account's name, ?17 its domain, ?18 words as an expression of the word
-- index, ?19 as a JSON array in lower case, the longest first, ?20 whether the account is looked for by
-- the name that Gong saw, ?21 limit
WITH OF_DEAL AS (
    SELECT CALL_ID
    FROM STG_GONG_CALL_CRM_LINKS
    WHERE OBJECT_KIND = 'deal'
        AND OBJECT_ID = COALESCE(
            (SELECT SURVIVOR_ID FROM CRM_GONE_RECORDS WHERE OBJECT_KIND = 'deal' AND OBJECT_ID = ?14), ?14
        )
),

OF_PARTICIPANT AS (
    SELECT CALL_ID FROM STG_GONG_CALL_PARTICIPANTS WHERE LOWER(PARTICIPANT_EMAIL) = LOWER(?15)
),

-- By the record of the company, or by the address of somebody who is no colleague; or by the name that Gong saw, which
-- has no index.
OF_ACCOUNT AS (
    SELECT L.CALL_ID
    FROM CRM_COMPANIES AS Y
    CROSS JOIN STG_GONG_CALL_CRM_LINKS AS L -- in this order: there are fewer companies than links
    WHERE ?16 IS NOT NULL
        AND L.OBJECT_KIND = 'company'
        AND L.OBJECT_ID = Y.COMPANY_ID
        AND (LOWER(Y.COMPANY_NAME) = LOWER(?16) OR LOWER(Y.DOMAIN) = LOWER(?17))
    UNION
    SELECT CALL_ID
    FROM STG_GONG_CALL_PARTICIPANTS
    WHERE AFFILIATION <> 'Internal'
        AND LOWER(SUBSTR(PARTICIPANT_EMAIL, INSTR(PARTICIPANT_EMAIL, '@') + 1)) = LOWER(?17)
    UNION
    SELECT C.CALL_ID
    FROM STG_GONG_CALLS AS C, JSON_EACH(C.CRM_REFERENCES) AS R
    WHERE ?20
        AND C.CRM_REFERENCES <> '[]'
        AND R.value ->> 'kind' = 'Company'
        AND LOWER(R.value ->> 'name') = LOWER(?16)
),

-- All of the words, in the title or in one of the newest passages that hold them: of frequent words there are too many.
WITH_WORDS AS (
    SELECT K.CALL_ID
    FROM STG_GONG_TRANSCRIPT_CHUNKS AS K
    WHERE ?18 IS NOT NULL
        AND K.CHUNK_ID IN (
            SELECT F.rowid
            FROM STG_GONG_TRANSCRIPT_CHUNKS_FTS AS F
            WHERE F.STG_GONG_TRANSCRIPT_CHUNKS_FTS MATCH ?18
            ORDER BY F.rowid DESC
            LIMIT 8000
        )
    UNION
    SELECT CALL_ID
    FROM STG_GONG_CALLS
    WHERE ?19 IS NOT NULL
        AND CALL_TITLE IS NOT NULL
        AND INSTR(LOWER(CALL_TITLE), ?19 ->> 0) > 0
        AND NOT EXISTS (SELECT 1 FROM JSON_EACH(?19) AS W WHERE INSTR(LOWER(CALL_TITLE), W.value) = 0)
)

SELECT C.CALL_ID, C.CALL_TITLE, C.CALL_DATETIME_UTC, C.CALL_DURATION_SECONDS, C.PRIMARY_USER_ID,
       C.PRIMARY_USER_EMAIL, C.PRIMARY_USER_NAME, C.HUBSPOT_DEAL_ID, C.SENTIMENT_SCORE,
       C.SENTIMENT_LABEL, C.SENTENCE_COUNT IS NOT NULL
FROM STG_GONG_CALLS AS C
WHERE C.CALL_ID IN (
        SELECT CALL_ID FROM OF_DEAL
        UNION
        SELECT CALL_ID FROM OF_PARTICIPANT WHERE ?14 IS NULL
        UNION
        SELECT CALL_ID FROM OF_ACCOUNT WHERE COALESCE(?14, ?15) IS NULL
        UNION
        SELECT CALL_ID FROM WITH_WORDS WHERE COALESCE(?14, ?15, ?16) IS NULL
    )
    AND (?15 IS NULL OR C.CALL_ID IN (SELECT CALL_ID FROM OF_PARTICIPANT))
    AND (?16 IS NULL OR C.CALL_ID IN (SELECT CALL_ID FROM OF_ACCOUNT))
    AND (?18 IS NULL OR C.CALL_ID IN (SELECT CALL_ID FROM WITH_WORDS))
    AND C.CALL_DATETIME_UTC >= ?1
    AND C.CALL_DATETIME_UTC < ?2
    AND (
        COALESCE(?11, ?12, ?13) IS NULL
        OR C.PRIMARY_USER_ID IN (SELECT value FROM JSON_EACH(?11))
        OR C.PRIMARY_USER_EMAIL_FOLDED = ?12
        OR C.PRIMARY_USER_NAME_FOLDED = ?13
    )
    AND (
        COALESCE(?7, ?8) IS NULL
        OR C.HUBSPOT_DEAL_ID IN (
            SELECT DEAL_ID
            FROM CRM_DEALS
            WHERE (?7 IS NULL OR LOWER(?7) IN (LOWER(STAGE_LABEL), LOWER(STAGE_ID)))
                AND (?8 IS NULL OR OUTCOME = ?8)
        )
    )
    AND (
        ?9 IS NULL
        OR (C.CALL_ID, C.SENTENCES_SHA) IN (SELECT CALL_ID, TRANSCRIPT_SHA FROM CALL_READINGS WHERE CALL_TYPE = ?9)
    )
    AND C.DELETED_AT IS NULL
    AND (NOT ?3 OR C.INSIGHTS_BACKEND IS NULL)
    AND (NOT ?4 OR C.SENTENCE_COUNT IS NOT NULL)
    AND (
        ?5 IS NULL
        OR NOT EXISTS (
            SELECT 1
            FROM CALL_READINGS AS R
            WHERE R.CALL_ID = C.CALL_ID
                AND R.TRANSCRIPT_SHA = C.SENTENCES_SHA
                AND R.BACKEND = ?5
                AND R.MODEL = ?6
                AND NOT R.IS_RETRYABLE
        )
    )
ORDER BY CASE WHEN ?10 THEN C.CALL_DATETIME_UTC END, C.CALL_DATETIME_UTC DESC, C.CALL_ID
LIMIT ?21
