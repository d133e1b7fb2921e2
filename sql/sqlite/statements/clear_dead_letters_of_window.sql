-- A window is done: letters of spans within it are gone, and those of records met in such spans,
-- unless this very run met them there.
-- ?1 window from, ?2 window to, ?3 whether records are gone as well, ?4 correlation id
DELETE FROM GONG_DEAD_LETTERS
WHERE CALL_ID IS NULL
    AND WINDOW_FROM >= ?1
    AND WINDOW_TO <= ?2
    AND (LETTER_KEY GLOB 'window:*' OR (?3 AND CORRELATION_ID <> ?4))
