-- Whether there is any dead letter: without one a page does not look for its own.
SELECT EXISTS (SELECT 1 FROM GONG_DEAD_LETTERS)
