-- Dead letters, ascending by when they first failed, stream and key.
-- ?1 whether retired ones as well; to go on after, empty for the first page: ?2 first failure,
-- ?3 stream, ?4 key; ?5 limit
SELECT STREAM, LETTER_KEY, WINDOW_FROM, WINDOW_TO, REASON, PAYLOAD, CORRELATION_ID, READER_VERSION,
       ATTEMPTS, FIRST_FAILED_AT, LAST_FAILED_AT, RETIRED_AT
FROM GONG_DEAD_LETTERS
WHERE (?1 OR RETIRED_AT IS NULL)
    AND (FIRST_FAILED_AT, STREAM, LETTER_KEY) > (?2, ?3, ?4)
ORDER BY FIRST_FAILED_AT, STREAM, LETTER_KEY
LIMIT ?5
