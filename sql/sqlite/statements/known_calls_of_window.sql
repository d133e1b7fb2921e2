-- Stored calls that Gong still serves and that started, or were scheduled, in a window;
-- ascending by id.
-- ?1 id to go on after, ?2 limit, ?3 window from, ?4 window to
SELECT C.CALL_ID, T.CALL_ID IS NOT NULL
FROM GONG_CALLS_RAW AS C
LEFT JOIN GONG_CALL_TRANSCRIPTS_RAW AS T ON T.CALL_ID = C.CALL_ID AND T.DELETED_AT IS NULL
WHERE C.CALL_ID > ?1
    AND C.DELETED_AT IS NULL
    AND ((C.STARTED_AT >= ?3 AND C.STARTED_AT < ?4) OR (C.SCHEDULED_AT >= ?3 AND C.SCHEDULED_AT < ?4))
ORDER BY C.CALL_ID
LIMIT ?2
