-- A window is done: letters of spans within it are gone, and those of records met in such spans, unless this very run
-- met them there.
-- ? window from, ? window to, ? whether records are gone as well, ? correlation id
DELETE FROM GONG_DEAD_LETTERS
WHERE CALL_ID IS NULL
    AND WINDOW_FROM >= CAST(? AS TIMESTAMP_LTZ)
    AND WINDOW_TO <= CAST(? AS TIMESTAMP_LTZ)
    AND (LETTER_KEY LIKE 'window:%' OR (? AND CORRELATION_ID <> ?))
