-- What the share has.
-- ? schema
SELECT TABLE_NAME, COLUMN_NAME
FROM {catalogue}
WHERE TABLE_SCHEMA = ?
