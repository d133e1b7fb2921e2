-- Records a dead letter, or one more attempt at it. Of the spans that a record was met in, the
-- shortest stays.
-- ?1 stream, ?2 key, ?3 call id, ?4 window from, ?5 window to, ?6 reason, ?7 payload,
-- ?8 correlation id, ?9 reader's version, ?10 when it failed
INSERT INTO GONG_DEAD_LETTERS AS L
    (STREAM, LETTER_KEY, CALL_ID, WINDOW_FROM, WINDOW_TO, REASON, PAYLOAD, CORRELATION_ID,
     READER_VERSION, ATTEMPTS, FIRST_FAILED_AT, LAST_FAILED_AT)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?10)
ON CONFLICT (STREAM, LETTER_KEY) DO UPDATE SET
    (WINDOW_FROM, WINDOW_TO) = (
        SELECT S.F, S.T
        FROM (
            SELECT excluded.WINDOW_FROM AS F, excluded.WINDOW_TO AS T
            UNION ALL
            SELECT L.WINDOW_FROM, L.WINDOW_TO
        ) AS S
        ORDER BY JULIANDAY(S.T) - JULIANDAY(S.F)
        LIMIT 1
    ),
    REASON = excluded.REASON,
    PAYLOAD = COALESCE(excluded.PAYLOAD, L.PAYLOAD),
    CORRELATION_ID = excluded.CORRELATION_ID,
    READER_VERSION = excluded.READER_VERSION,
    ATTEMPTS = L.ATTEMPTS + 1,
    LAST_FAILED_AT = excluded.LAST_FAILED_AT
