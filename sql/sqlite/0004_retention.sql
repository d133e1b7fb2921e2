-- How long rows are kept. RETENTION_DAYS of null keeps them for ever; change it with an UPDATE.

CREATE TABLE GONG_DATA_RETENTION_POLICY (
    TABLE_NAME     TEXT NOT NULL PRIMARY KEY,
    RETENTION_DAYS INTEGER CHECK (RETENTION_DAYS >= 0),
    LAST_CLEANUP   TEXT,
    APPLIES_TO     TEXT NOT NULL DEFAULT ''
) STRICT;

INSERT INTO GONG_DATA_RETENTION_POLICY (TABLE_NAME, RETENTION_DAYS, APPLIES_TO) VALUES
    ('GONG_CALLS_RAW', 30, 'calls that Gong no longer serves, by DELETED_AT, with their staged row'),
    ('GONG_CALL_TRANSCRIPTS_RAW', 30, 'transcripts of calls that Gong no longer serves, by DELETED_AT'),
    ('STG_GONG_CALLS', NULL, 'calls that Gong still serves too, by CALL_DATETIME_UTC, with all that belongs to them'),
    ('GONG_INGESTION_STATE', 90, 'steps of earlier runs, by COMMITTED_AT; what a resume needs is kept'),
    ('GONG_DEAD_LETTERS', NULL, 'by LAST_FAILED_AT'),
    ('PIPELINE_ERRORS', 90, 'resolved errors, by RESOLVED_AT');
