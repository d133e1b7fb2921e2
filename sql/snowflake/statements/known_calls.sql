-- Stored calls that Gong still serves, ascending by id; of a window those that started, or were scheduled, in it.
-- ? id to go on after, ? whether there is a window, ? and ? its start and end, ? and ? the same again, ? limit
SELECT C.CALL_ID, T.CALL_ID IS NOT NULL AS HAS_TRANSCRIPT
FROM GONG_CALLS_RAW AS C
LEFT JOIN GONG_CALL_TRANSCRIPTS_RAW AS T ON T.CALL_ID = C.CALL_ID AND T.DELETED_AT IS NULL
WHERE C.CALL_ID > ?
    AND C.DELETED_AT IS NULL
    AND (
        NOT ?
        OR (C.STARTED_AT >= CAST(? AS TIMESTAMP_LTZ) AND C.STARTED_AT < CAST(? AS TIMESTAMP_LTZ))
        OR (C.SCHEDULED_AT >= CAST(? AS TIMESTAMP_LTZ) AND C.SCHEDULED_AT < CAST(? AS TIMESTAMP_LTZ))
    )
ORDER BY C.CALL_ID
LIMIT ?
