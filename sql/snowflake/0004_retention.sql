-- How long rows are kept. RETENTION_DAYS of null keeps them for ever; change it with an UPDATE.

CREATE TABLE IF NOT EXISTS GONG_DATA_RETENTION_POLICY (
    TABLE_NAME     VARCHAR NOT NULL,
    RETENTION_DAYS NUMBER(9, 0),
    LAST_CLEANUP   TIMESTAMP_LTZ(9),
    APPLIES_TO     VARCHAR NOT NULL
)
COMMENT = 'How long rows are kept';

-- A policy that somebody has set stays as it is.
MERGE INTO GONG_DATA_RETENTION_POLICY AS T
USING (
    SELECT
        'GONG_CALLS_RAW' AS TABLE_NAME,
        30 AS RETENTION_DAYS,
        'calls that Gong no longer serves, by DELETED_AT, with their staged row' AS APPLIES_TO
    UNION ALL
    SELECT 'GONG_CALL_TRANSCRIPTS_RAW', 30, 'transcripts of calls that Gong no longer serves, by DELETED_AT'
    UNION ALL
    SELECT
        'STG_GONG_CALLS',
        NULL,
        'calls that Gong still serves too, by CALL_DATETIME_UTC, with all that belongs to them'
    UNION ALL
    SELECT 'GONG_INGESTION_STATE', 90, 'steps of earlier runs, by COMMITTED_AT; what a resume needs is kept'
    UNION ALL
    SELECT 'GONG_DEAD_LETTERS', NULL, 'by LAST_FAILED_AT'
    UNION ALL
    SELECT 'PIPELINE_ERRORS', 90, 'resolved errors, by RESOLVED_AT'
) AS S ON T.TABLE_NAME = S.TABLE_NAME
WHEN NOT MATCHED THEN INSERT (TABLE_NAME, RETENTION_DAYS, APPLIES_TO)
    VALUES (S.TABLE_NAME, S.RETENTION_DAYS, S.APPLIES_TO);
