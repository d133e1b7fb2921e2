-- A window is done: letters of spans within it, and of records met in such spans, are gone,
-- unless this very run has put them aside.
-- ?1 window from, ?2 window to, ?3 whether the checkpoint is that of a listing, ?4 correlation id
DELETE FROM GONG_DEAD_LETTERS
WHERE CALL_ID IS NULL
    AND WINDOW_FROM >= ?1
    AND WINDOW_TO <= ?2
    AND ?3
    AND CORRELATION_ID <> ?4
