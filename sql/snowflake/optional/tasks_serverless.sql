-- What runs by itself, without a warehouse. Run by the schema's owner, who needs EXECUTE TASK and EXECUTE MANAGED TASK
-- on the account (setup/04_account.sql). For accounts without serverless tasks: --tasks warehouse, tasks_cron.sql.
--
-- Each task stands alone, with a limit of its own, and sets the parameters that its statements rely on: an account's
-- defaults may be others. New tasks are suspended: ALTER TASK … RESUME starts them. The first wakes when landing has
-- changed, so idle hours cost nothing; it stages only once it is to: UPDATE GONG_STAGING SET WRITER = 'task'.

CREATE TASK IF NOT EXISTS GONG_TRANSFORM_TASK
    TARGET_COMPLETION_INTERVAL = '15 MINUTES'
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
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
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
