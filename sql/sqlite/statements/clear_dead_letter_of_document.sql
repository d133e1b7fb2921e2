-- A document landed: its dead letter is gone.
-- ?1 stream, ?2 key
DELETE FROM GONG_DEAD_LETTERS WHERE STREAM = ?1 AND LETTER_KEY = ?2
