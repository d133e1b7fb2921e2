-- Stages the sentences of calls, but for those that are staged. Runs before stage_calls, which keeps the new hash.
-- ? JSON rows of id, call_sha, transcript_sha, sentences_sha, voices (speaker, name, email, type) and sentences
-- (voice by its position, index, start, end, words, topic, text)
INSERT INTO STG_GONG_CALL_TRANSCRIPTS
    (
        TRANSCRIPT_ID, CALL_ID, SENTENCE_INDEX, SPEAKER_ID, SPEAKER_NAME, SPEAKER_EMAIL, SPEAKER_TYPE,
        TRANSCRIPT_TEXT, START_MS, END_MS, WORD_COUNT, TOPIC
    )
SELECT
    S.CALL_ID || ':' || S.SENTENCE_INDEX,
    S.CALL_ID,
    S.SENTENCE_INDEX,
    S.VOICE:speaker::VARCHAR,
    S.VOICE:name::VARCHAR,
    S.VOICE:email::VARCHAR,
    S.VOICE:type::VARCHAR,
    S.TRANSCRIPT_TEXT,
    S.START_MS,
    S.END_MS,
    S.WORD_COUNT,
    S.TOPIC
FROM (
    SELECT
        F.VALUE:id::VARCHAR AS CALL_ID,
        F.VALUE:call_sha::VARCHAR AS CALL_SHA,
        F.VALUE:transcript_sha::VARCHAR AS TRANSCRIPT_SHA,
        F.VALUE:sentences_sha::VARCHAR AS SENTENCES_SHA,
        GET(F.VALUE:voices, E.VALUE:voice::NUMBER) AS VOICE,
        E.VALUE:index::NUMBER AS SENTENCE_INDEX,
        E.VALUE:text::VARCHAR AS TRANSCRIPT_TEXT,
        E.VALUE:start::NUMBER AS START_MS,
        E.VALUE:end::NUMBER AS END_MS,
        E.VALUE:words::NUMBER AS WORD_COUNT,
        E.VALUE:topic::VARCHAR AS TOPIC
    FROM
        (SELECT PARSE_JSON(?) AS BATCH) AS B,
        LATERAL FLATTEN(INPUT => B.BATCH) AS F,
        LATERAL FLATTEN(INPUT => F.VALUE:sentences) AS E
) AS S
INNER JOIN GONG_LANDED_CALLS AS L
    ON L.CALL_ID = S.CALL_ID
    AND L.CALL_SHA = S.CALL_SHA
    AND L.TRANSCRIPT_SHA IS NOT DISTINCT FROM S.TRANSCRIPT_SHA
LEFT JOIN STG_GONG_CALLS AS C ON C.CALL_ID = S.CALL_ID
WHERE C.SENTENCES_SHA IS DISTINCT FROM S.SENTENCES_SHA
