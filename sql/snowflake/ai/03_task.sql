-- fakesnow: no
-- On a warehouse: models are no faster on a large one. It starts when somebody resumes it, and wants to pay.
CREATE TASK IF NOT EXISTS GONG_AI_READ_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = '60 MINUTES'
    TIMEZONE = 'UTC',
    TIMESTAMP_INPUT_FORMAT = 'AUTO',
    JSON_INDENT = 0,
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_read"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Has models read calls; costs'
    WHEN SYSTEM$STREAM_HAS_DATA('GONG_AI_CHANGES')
AS
CALL GONG_AI_READ()
