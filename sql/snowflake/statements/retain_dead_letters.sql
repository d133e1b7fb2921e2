-- Dead letters that were last tried before an instant.
-- ? instant
DELETE FROM GONG_DEAD_LETTERS
WHERE LAST_FAILED_AT < CAST(? AS TIMESTAMP_LTZ)
