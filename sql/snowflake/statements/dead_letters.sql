-- Dead letters, ascending by when they first failed, stream and key.
-- ? JSON: retired, whether to list retired ones as well, and what to go on after: first, stream, key; ? limit
SELECT
    L.STREAM,
    L.LETTER_KEY,
    L.WINDOW_FROM,
    L.WINDOW_TO,
    L.REASON,
    L.PAYLOAD,
    L.CORRELATION_ID,
    COALESCE(L.READER_VERSION, 0) AS READER_VERSION,
    L.ATTEMPTS,
    L.FIRST_FAILED_AT,
    L.LAST_FAILED_AT,
    L.RETIRED_AT
FROM GONG_DEAD_LETTERS AS L
CROSS JOIN (
    SELECT
        B.QUERY:retired::BOOLEAN AS RETIRED,
        TO_TIMESTAMP_LTZ(B.QUERY:first::VARCHAR, 'AUTO') AS FIRST_FAILED_AT,
        B.QUERY:stream::VARCHAR AS STREAM,
        B.QUERY:key::VARCHAR AS LETTER_KEY
    FROM (SELECT PARSE_JSON(?) AS QUERY) AS B
) AS A
WHERE (A.RETIRED OR L.RETIRED_AT IS NULL)
    AND (
        A.FIRST_FAILED_AT IS NULL
        OR L.FIRST_FAILED_AT > A.FIRST_FAILED_AT
        OR (
            L.FIRST_FAILED_AT = A.FIRST_FAILED_AT
            AND (L.STREAM > A.STREAM OR (L.STREAM = A.STREAM AND L.LETTER_KEY > A.LETTER_KEY))
        )
    )
ORDER BY L.FIRST_FAILED_AT, L.STREAM, L.LETTER_KEY
LIMIT ?
