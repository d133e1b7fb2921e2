-- How many stored calls Gong still serves: all but the deleted, both counted by an index.
SELECT (SELECT COUNT(*) FROM GONG_CALLS_RAW) - (SELECT COUNT(*) FROM GONG_CALLS_RAW WHERE DELETED_AT IS NOT NULL)
