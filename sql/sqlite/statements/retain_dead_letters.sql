-- Dead letters that were last tried before an instant.
-- ?1 instant
DELETE FROM GONG_DEAD_LETTERS WHERE LAST_FAILED_AT < ?1
