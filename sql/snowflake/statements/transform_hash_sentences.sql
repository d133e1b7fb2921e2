-- The hash of a transcript and of who its voices are, as the client makes it: sentences with the same hash are the
-- same. What would be staged as it stands there is left alone, and with it what was derived from it.
UPDATE GONG_TRANSFORM_QUEUE
SET
    SENTENCES_SHA = H.SENTENCES_SHA,
    TAKES_TRANSCRIPT = H.SENTENCES_SHA IS DISTINCT FROM H.STAGED_SHA
FROM (
    SELECT
        R.CALL_ID,
        SHA2(R.PAYLOAD_SHA || '[' || COALESCE(V.VOICES, '') || ']', 256) AS SENTENCES_SHA,
        C.SENTENCES_SHA AS STAGED_SHA
    FROM GONG_CALL_TRANSCRIPTS_RAW AS R
    LEFT JOIN STG_GONG_CALLS AS C ON C.CALL_ID = R.CALL_ID
    LEFT JOIN (
        SELECT
            S.CALL_ID,
            LISTAGG(
                '{"speaker_id":' || COALESCE(TO_JSON(TO_VARIANT(S.SPEAKER_ID)), 'null')
                || ',"name":' || COALESCE(TO_JSON(TO_VARIANT(P.PARTICIPANT_NAME)), 'null')
                || ',"email":' || COALESCE(TO_JSON(TO_VARIANT(P.PARTICIPANT_EMAIL)), 'null')
                || ',"affiliation":"' || COALESCE(P.AFFILIATION, 'Unknown') || '"}',
                ','
            ) WITHIN GROUP (ORDER BY S.FIRST_INDEX) AS VOICES
        FROM (
            SELECT CALL_ID, SPEAKER_ID, MIN(MONOLOGUE_INDEX) AS FIRST_INDEX
            FROM (
                SELECT
                    T.CALL_ID,
                    COALESCE(
                        AS_VARCHAR(M.VALUE:speakerId),
                        IFF(IS_INTEGER(M.VALUE:speakerId), M.VALUE:speakerId::VARCHAR, NULL)
                    ) AS SPEAKER_ID,
                    M.INDEX AS MONOLOGUE_INDEX
                FROM GONG_CALL_TRANSCRIPTS_RAW AS T,
                    LATERAL FLATTEN(INPUT => T.TRANSCRIPT_DATA:transcript) AS M,
                    LATERAL FLATTEN(INPUT => M.VALUE:sentences) AS W
                WHERE T.CALL_ID IN (SELECT CALL_ID FROM GONG_TRANSFORM_QUEUE WHERE TAKES_TRANSCRIPT)
                    AND T.DELETED_AT IS NULL
                    -- FLATTEN goes through the fields of an object too.
                    AND M.INDEX IS NOT NULL
                    AND W.INDEX IS NOT NULL
                    AND IS_OBJECT(M.VALUE)
                    AND IS_OBJECT(W.VALUE)
            ) AS SPOKEN
            GROUP BY CALL_ID, SPEAKER_ID
        ) AS S
        LEFT JOIN (
            SELECT CALL_ID, SPEAKER_ID, PARTICIPANT_NAME, PARTICIPANT_EMAIL, AFFILIATION
            FROM STG_GONG_CALL_PARTICIPANTS
            WHERE SPEAKER_ID IS NOT NULL
            QUALIFY ROW_NUMBER() OVER (PARTITION BY CALL_ID, SPEAKER_ID ORDER BY PARTICIPANT_INDEX) = 1
        ) AS P ON P.CALL_ID = S.CALL_ID AND P.SPEAKER_ID = S.SPEAKER_ID
        GROUP BY S.CALL_ID
    ) AS V ON V.CALL_ID = R.CALL_ID
    WHERE R.DELETED_AT IS NULL
        AND R.CALL_ID IN (SELECT CALL_ID FROM GONG_TRANSFORM_QUEUE WHERE TAKES_TRANSCRIPT)
) AS H
WHERE GONG_TRANSFORM_QUEUE.CALL_ID = H.CALL_ID
