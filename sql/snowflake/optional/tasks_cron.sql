-- What runs by itself, on a warehouse and by the clock, for accounts without serverless tasks (in place of
-- tasks_serverless.sql). Run by the schema's owner, who needs EXECUTE TASK on the account (setup/04_account.sql).
--
-- A task wakes the warehouse (billed for 60 seconds at least) whether or not there is work; a condition keeps the
-- first from that while nothing has landed. Each task stands alone, with a limit of its own: a paid step that fails
-- suspends itself and nothing else. New tasks are suspended: ALTER TASK … RESUME starts them, the paid ones only when
-- somebody wants to pay; GONG_AI_SETTINGS.ENABLED is a second switch for each step.

CREATE TASK IF NOT EXISTS GONG_TRANSFORM_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON */30 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"transform"}'
    USER_TASK_TIMEOUT_MS = 1800000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Stages what landed'
    WHEN SYSTEM$STREAM_HAS_DATA('GONG_CALLS_RAW_CHANGES') OR SYSTEM$STREAM_HAS_DATA('GONG_CALL_TRANSCRIPTS_RAW_CHANGES')
AS
CALL GONG_TRANSFORM();

CREATE TASK IF NOT EXISTS GONG_AI_ENQUEUE_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON 5 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_enqueue"}'
    USER_TASK_TIMEOUT_MS = 1800000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Finds what no model has been asked yet; asks none'
AS
CALL GONG_AI_ENQUEUE();

CREATE TASK IF NOT EXISTS GONG_AI_SENTIMENT_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON 15 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_sentiment"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Asks AI_SENTIMENT; costs'
AS
CALL GONG_AI_SENTIMENT();

CREATE TASK IF NOT EXISTS GONG_AI_SUMMARY_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON 15 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_summary"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Asks AI_COMPLETE; costs'
AS
CALL GONG_AI_SUMMARY();

CREATE TASK IF NOT EXISTS GONG_AI_SIGNALS_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON 15 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_signals"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Asks AI_CLASSIFY; costs'
AS
CALL GONG_AI_SIGNALS();

CREATE TASK IF NOT EXISTS GONG_AI_EMBED_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON 15 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_embed"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Asks AI_EMBED; costs'
AS
CALL GONG_AI_EMBED();

CREATE TASK IF NOT EXISTS GONG_AI_APPLY_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON 45 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_apply"}'
    USER_TASK_TIMEOUT_MS = 1800000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Brings answers into the staged calls'
AS
CALL GONG_AI_APPLY();

CREATE TASK IF NOT EXISTS GONG_RETENTION_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON 30 3 * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"apply_retention"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Applies GONG_DATA_RETENTION_POLICY'
AS
CALL GONG_APPLY_RETENTION();
