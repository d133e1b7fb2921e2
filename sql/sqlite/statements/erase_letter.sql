-- A letter loses what was received.
-- ?1 letter
UPDATE GONG_DEAD_LETTERS SET PAYLOAD = NULL WHERE LETTER_ID = ?1
