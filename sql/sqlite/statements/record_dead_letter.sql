-- Records a dead letter, or one more attempt at it.
-- ?1 stream, ?2 key, ?3 call id, ?4 window from, ?5 window to, ?6 reason, ?7 payload,
-- ?8 correlation id, ?9 now
INSERT INTO GONG_DEAD_LETTERS
    (STREAM, LETTER_KEY, CALL_ID, WINDOW_FROM, WINDOW_TO, REASON, PAYLOAD, CORRELATION_ID,
     ATTEMPTS, FIRST_FAILED_AT, LAST_FAILED_AT)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?9)
ON CONFLICT (STREAM, LETTER_KEY) DO UPDATE SET
    WINDOW_FROM = excluded.WINDOW_FROM,
    WINDOW_TO = excluded.WINDOW_TO,
    REASON = excluded.REASON,
    PAYLOAD = COALESCE(excluded.PAYLOAD, PAYLOAD),
    CORRELATION_ID = excluded.CORRELATION_ID,
    ATTEMPTS = ATTEMPTS + 1,
    LAST_FAILED_AT = excluded.LAST_FAILED_AT
