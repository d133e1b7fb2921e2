-- When the latest row of a table came.
SELECT MAX({ingested}) AS LAST_INGESTION
FROM {table}
