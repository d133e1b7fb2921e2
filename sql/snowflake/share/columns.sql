-- Which columns the share has: one that a statement names and that is not there fails the statement as a whole.
-- ? schema, tables
SELECT TABLE_NAME, COLUMN_NAME
FROM {catalogue}
WHERE TABLE_SCHEMA = ? AND TABLE_NAME IN ({tables})
