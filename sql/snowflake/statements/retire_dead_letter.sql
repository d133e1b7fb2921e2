-- A person gives a dead letter up; one that is retired already stays as it is.
-- ? when, ? stream, ? key
UPDATE GONG_DEAD_LETTERS
SET RETIRED_AT = COALESCE(RETIRED_AT, CAST(? AS TIMESTAMP_LTZ))
WHERE STREAM = ? AND LETTER_KEY = ?
