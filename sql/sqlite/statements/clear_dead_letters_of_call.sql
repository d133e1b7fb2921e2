-- Gong no longer serves a call: there is nothing left to land.
-- ?1 call id
DELETE FROM GONG_DEAD_LETTERS WHERE CALL_ID = ?1
