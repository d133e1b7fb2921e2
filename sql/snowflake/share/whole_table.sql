-- Of a small table.
SELECT {columns}
FROM {table}
