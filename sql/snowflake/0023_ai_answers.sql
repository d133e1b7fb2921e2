-- requires: tables
-- What models answered about the words that are staged now, a row a call; null where nothing is answered.
--
-- A score is the mean of a call's passages on the scale -1, 0, 1 (negative, neutral or mixed, positive): AI_SENTIMENT
-- gives labels and no number. Topics are the labels of AI_CLASSIFY, those of most passages first.

CREATE VIEW IF NOT EXISTS GONG_AI_CALL_ANSWERS AS
WITH ANSWERS AS (
    SELECT W.CALL_ID, W.STEP, L.RESULT
    FROM GONG_AI_WANTED_WORK AS W
    INNER JOIN (
        SELECT WORK_ID, RESULT
        FROM GONG_AI_LEDGER
        WHERE RESULT IS NOT NULL
        QUALIFY ROW_NUMBER() OVER (PARTITION BY WORK_ID ORDER BY ANSWERED_AT DESC, CLAIM_ID) = 1
    ) AS L ON L.WORK_ID = W.WORK_ID
),

TONES AS (
    SELECT
        A.CALL_ID,
        AVG(CASE F.VALUE:sentiment::VARCHAR WHEN 'positive' THEN 1.0 WHEN 'negative' THEN -1.0 ELSE 0.0 END) AS SCORE
    FROM ANSWERS AS A, LATERAL FLATTEN(INPUT => A.RESULT:categories) AS F
    WHERE A.STEP = 'sentiment' AND F.VALUE:name::VARCHAR = 'overall'
    GROUP BY A.CALL_ID
),

LABELS AS (
    SELECT A.CALL_ID, TO_JSON(F.VALUE) AS LABEL, COUNT(*) AS PASSAGES
    FROM ANSWERS AS A, LATERAL FLATTEN(INPUT => A.RESULT:labels) AS F
    WHERE A.STEP = 'signals' AND F.VALUE::VARCHAR <> 'none of these'
    GROUP BY A.CALL_ID, TO_JSON(F.VALUE)
),

TOPICS AS (
    SELECT CALL_ID, LISTAGG(LABEL, ',') WITHIN GROUP (ORDER BY PLACE) AS KEY_TOPICS
    FROM (
        SELECT CALL_ID, LABEL, ROW_NUMBER() OVER (PARTITION BY CALL_ID ORDER BY PASSAGES DESC, LABEL) AS PLACE
        FROM LABELS
    ) AS PLACED
    GROUP BY CALL_ID
),

FINDINGS AS (
    SELECT A.CALL_ID, 'risk' AS KIND, F.INDEX AS POSITION, F.VALUE AS SAID
    FROM ANSWERS AS A, LATERAL FLATTEN(INPUT => A.RESULT:risks) AS F
    WHERE A.STEP = 'summary'
    UNION ALL
    SELECT A.CALL_ID, 'next_step', F.INDEX, F.VALUE
    FROM ANSWERS AS A, LATERAL FLATTEN(INPUT => A.RESULT:next_steps) AS F
    WHERE A.STEP = 'summary'
),

FOUND AS (
    SELECT
        CALL_ID,
        KIND,
        LISTAGG(FINDING, ',') WITHIN GROUP (ORDER BY POSITION) AS FINDINGS
    FROM (
        SELECT
            CALL_ID,
            KIND,
            POSITION,
            TO_JSON(
                OBJECT_CONSTRUCT(
                    'kind', KIND,
                    'text', SAID:text::VARCHAR,
                    'score', GREATEST(0, LEAST(1, COALESCE(TRY_CAST(SAID:certainty::VARCHAR AS FLOAT), 0))),
                    'sentences', ARRAY_CONSTRUCT()
                )
            ) AS FINDING
        FROM FINDINGS
    ) AS WRITTEN
    GROUP BY CALL_ID, KIND
)

SELECT
    C.CALL_ID,
    O.SCORE AS SENTIMENT_SCORE,
    CASE WHEN O.SCORE >= 0.5 THEN 'positive' WHEN O.SCORE <= -0.5 THEN 'negative' WHEN O.SCORE IS NOT NULL THEN 'neutral' END
        AS SENTIMENT_LABEL,
    S.RESULT:summary::VARCHAR AS CALL_SUMMARY,
    PARSE_JSON('[' || K.KEY_TOPICS || ']') AS KEY_TOPICS,
    PARSE_JSON('[' || R.FINDINGS || ']') AS RISK_INDICATORS,
    PARSE_JSON('[' || N.FINDINGS || ']') AS NEXT_STEPS
FROM STG_GONG_CALLS AS C
LEFT JOIN TONES AS O ON O.CALL_ID = C.CALL_ID
LEFT JOIN ANSWERS AS S ON S.CALL_ID = C.CALL_ID AND S.STEP = 'summary'
LEFT JOIN TOPICS AS K ON K.CALL_ID = C.CALL_ID
LEFT JOIN FOUND AS R ON R.CALL_ID = C.CALL_ID AND R.KIND = 'risk'
LEFT JOIN FOUND AS N ON N.CALL_ID = C.CALL_ID AND N.KIND = 'next_step'
WHERE C.DELETED_AT IS NULL;
