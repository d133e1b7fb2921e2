-- A window is done: the dead letters of it and of spans within it are gone. A sweep's window speaks of the sweep
-- alone.
-- ? window from, ? window to, ? whether the checkpoint is a sweep's
DELETE FROM GONG_DEAD_LETTERS
WHERE CALL_ID IS NULL
    AND WINDOW_FROM >= CAST(? AS TIMESTAMP_LTZ)
    AND WINDOW_TO <= CAST(? AS TIMESTAMP_LTZ)
    AND (STREAM = 'sweep') = ?
