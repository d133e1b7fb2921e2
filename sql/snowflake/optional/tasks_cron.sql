-- What runs by itself, on a warehouse and by the clock, for accounts without serverless tasks (--tasks warehouse, in place
-- of tasks_serverless.sql). Run by the schema's owner, who needs EXECUTE TASK on the account (setup/04_account.sql).
--
-- A task wakes the warehouse (billed for 60 seconds at least) whether or not there is work; a condition keeps the
-- first from that while nothing has landed. Each stands alone, with a limit of its own, and sets the parameters that its
-- statements rely on. New tasks are suspended: ALTER TASK … RESUME starts them. The first stages only once it is to:
-- UPDATE GONG_STAGING SET WRITER = 'task'.

CREATE TASK IF NOT EXISTS GONG_TRANSFORM_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON */30 * * * * UTC'
    TIMEZONE = 'UTC',
    TIMESTAMP_INPUT_FORMAT = 'AUTO',
    JSON_INDENT = 0,
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"transform"}'
    USER_TASK_TIMEOUT_MS = 1800000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Stages what landed'
    WHEN SYSTEM$STREAM_HAS_DATA('GONG_CALLS_RAW_CHANGES') OR SYSTEM$STREAM_HAS_DATA('GONG_CALL_TRANSCRIPTS_RAW_CHANGES')
AS
CALL GONG_TRANSFORM();

CREATE TASK IF NOT EXISTS GONG_RETENTION_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON 30 3 * * * UTC'
    TIMEZONE = 'UTC',
    TIMESTAMP_INPUT_FORMAT = 'AUTO',
    JSON_INDENT = 0,
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"apply_retention"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Applies GONG_DATA_RETENTION_POLICY'
AS
CALL GONG_APPLY_RETENTION();
