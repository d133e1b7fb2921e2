-- How many selectors of those who were erased there are.
SELECT COUNT(*) FROM GONG_ERASED WHERE KIND <> 'key'
