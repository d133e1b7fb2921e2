-- Stages the topics of calls, whose earlier ones are removed first.
-- ? JSON rows of id, call_sha, transcript_sha, topics (name, seconds)
INSERT INTO STG_GONG_CALL_TOPICS
    (
        CALL_ID, TOPIC_INDEX, TOPIC_NAME, DURATION_SECONDS
    )
SELECT
    S.CALL_ID,
    S.POSITION,
    S.PART:name::VARCHAR,
    S.PART:seconds::FLOAT
FROM (
    SELECT
        F.VALUE:id::VARCHAR AS CALL_ID,
        F.VALUE:call_sha::VARCHAR AS CALL_SHA,
        F.VALUE:transcript_sha::VARCHAR AS TRANSCRIPT_SHA,
        E.INDEX AS POSITION,
        E.VALUE AS PART
    FROM
        (SELECT PARSE_JSON(?) AS BATCH) AS B,
        LATERAL FLATTEN(INPUT => B.BATCH) AS F,
        LATERAL FLATTEN(INPUT => F.VALUE:topics) AS E
) AS S
INNER JOIN GONG_LANDED_CALLS AS L
    ON L.CALL_ID = S.CALL_ID
    AND L.CALL_SHA = S.CALL_SHA
    AND L.TRANSCRIPT_SHA IS NOT DISTINCT FROM S.TRANSCRIPT_SHA
