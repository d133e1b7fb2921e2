-- A person gives a dead letter up; one that is retired already stays as it is.
-- ?1 stream, ?2 key, ?3 when
UPDATE GONG_DEAD_LETTERS SET RETIRED_AT = COALESCE(RETIRED_AT, ?3) WHERE STREAM = ?1 AND LETTER_KEY = ?2
