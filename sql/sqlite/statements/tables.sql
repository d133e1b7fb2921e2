-- The tables, but for SQLite's own and those inside the word index.
SELECT name
FROM sqlite_master
WHERE type = 'table'
    AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
    AND name NOT LIKE 'STG~_GONG~_TRANSCRIPT~_CHUNKS~_FTS%' ESCAPE '~'
ORDER BY name
