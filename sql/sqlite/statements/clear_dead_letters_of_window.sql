-- A window is done: the dead letters of it and of spans within it are gone. A sweep's window
-- speaks of the sweep alone.
-- ?1 window from, ?2 window to, ?3 whether the checkpoint is a sweep's
DELETE FROM GONG_DEAD_LETTERS
WHERE CALL_ID IS NULL
    AND WINDOW_FROM >= ?1
    AND WINDOW_TO <= ?2
    AND (STREAM = 'sweep') = ?3
