-- A window is done: letters of spans within it, and of records met in such spans, are gone, unless this very run has
-- put them aside.
-- ? window from, ? window to, ? whether the checkpoint is that of a listing, ? correlation id
DELETE FROM GONG_DEAD_LETTERS
WHERE CALL_ID IS NULL
    AND WINDOW_FROM >= CAST(? AS TIMESTAMP_LTZ)
    AND WINDOW_TO <= CAST(? AS TIMESTAMP_LTZ)
    AND ?
    AND CORRELATION_ID <> ?
