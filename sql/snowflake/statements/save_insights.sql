-- Stores what a language backend said about calls. Touches nothing of calls that are unknown or deleted, or have another
-- transcript by now.
-- ? JSON: now, rows of call, score, label, summary, topics, risks, next_steps, sha, backend, model; without sha whatever the transcript is
UPDATE STG_GONG_CALLS
SET
    SENTIMENT_SCORE = S.SAID:score::FLOAT,
    SENTIMENT_LABEL = S.SAID:label::VARCHAR,
    CALL_SUMMARY = S.SAID:summary::VARCHAR,
    KEY_TOPICS = S.SAID:topics,
    RISK_INDICATORS = S.SAID:risks,
    NEXT_STEPS = S.SAID:next_steps,
    SIGNALS = NULL,
    INSIGHTS_BACKEND = S.SAID:backend::VARCHAR,
    INSIGHTS_MODEL = S.SAID:model::VARCHAR,
    INSIGHTS_AT = S.NOW_AT
FROM (
    SELECT
        F.VALUE:call::VARCHAR AS CALL_ID,
        F.VALUE AS SAID,
        TO_TIMESTAMP_LTZ(B.INSIGHTS:now::VARCHAR, 'AUTO') AS NOW_AT
    FROM (SELECT PARSE_JSON(?) AS INSIGHTS) AS B, LATERAL FLATTEN(INPUT => B.INSIGHTS:rows) AS F
) AS S
WHERE STG_GONG_CALLS.CALL_ID = S.CALL_ID AND STG_GONG_CALLS.DELETED_AT IS NULL
    AND (S.SAID:sha IS NULL OR STG_GONG_CALLS.SENTENCES_SHA = S.SAID:sha::VARCHAR)
