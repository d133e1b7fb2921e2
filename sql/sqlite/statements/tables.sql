-- The tables, but for SQLite's own and those that searches read beside the chunks.
SELECT name
FROM sqlite_master
WHERE type = 'table'
    AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
    AND name NOT LIKE 'STG~_GONG~_TRANSCRIPT~_CHUNKS~_FTS%' ESCAPE '~'
    AND name NOT LIKE 'GONG~_CALL~_FINDINGS%' ESCAPE '~'
    AND name <> 'STG_GONG_CHUNK_SKETCHES'
ORDER BY name
