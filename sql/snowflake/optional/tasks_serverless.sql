-- What runs by itself, without a warehouse. Run by the schema's owner, who needs EXECUTE TASK and EXECUTE MANAGED TASK
-- on the account (setup/04_account.sql). For accounts without serverless tasks: tasks_cron.sql in place of this.
--
-- Each task stands alone, with a limit of its own: a paid step that fails suspends itself and nothing else. The first
-- wakes when landing has changed, so idle hours cost nothing. New tasks are suspended: ALTER TASK … RESUME starts
-- them, the paid ones only when somebody wants to pay; GONG_AI_SETTINGS.ENABLED is a second switch for each step.

CREATE TASK IF NOT EXISTS GONG_TRANSFORM_TASK
    TARGET_COMPLETION_INTERVAL = '15 MINUTES'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"transform"}'
    USER_TASK_TIMEOUT_MS = 1800000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Stages what landed'
    WHEN SYSTEM$STREAM_HAS_DATA('GONG_CALLS_RAW_CHANGES') OR SYSTEM$STREAM_HAS_DATA('GONG_CALL_TRANSCRIPTS_RAW_CHANGES')
AS
CALL GONG_TRANSFORM();

CREATE TASK IF NOT EXISTS GONG_AI_ENQUEUE_TASK
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
    SCHEDULE = 'USING CRON 5 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_enqueue"}'
    USER_TASK_TIMEOUT_MS = 1800000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Finds what no model has been asked yet; asks none'
AS
CALL GONG_AI_ENQUEUE();

CREATE TASK IF NOT EXISTS GONG_AI_SENTIMENT_TASK
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
    SCHEDULE = 'USING CRON 15 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_sentiment"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Asks AI_SENTIMENT; costs'
AS
CALL GONG_AI_SENTIMENT();

CREATE TASK IF NOT EXISTS GONG_AI_SUMMARY_TASK
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
    SCHEDULE = 'USING CRON 15 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_summary"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Asks AI_COMPLETE; costs'
AS
CALL GONG_AI_SUMMARY();

CREATE TASK IF NOT EXISTS GONG_AI_SIGNALS_TASK
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
    SCHEDULE = 'USING CRON 15 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_signals"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Asks AI_CLASSIFY; costs'
AS
CALL GONG_AI_SIGNALS();

CREATE TASK IF NOT EXISTS GONG_AI_EMBED_TASK
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
    SCHEDULE = 'USING CRON 15 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_embed"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Asks AI_EMBED; costs'
AS
CALL GONG_AI_EMBED();

CREATE TASK IF NOT EXISTS GONG_AI_APPLY_TASK
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
    SCHEDULE = 'USING CRON 45 * * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"ai_apply"}'
    USER_TASK_TIMEOUT_MS = 1800000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Brings answers into the staged calls'
AS
CALL GONG_AI_APPLY();

CREATE TASK IF NOT EXISTS GONG_RETENTION_TASK
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
    SCHEDULE = 'USING CRON 30 3 * * * UTC'
    QUERY_TAG = '{"app":"gong-snowflake","run":"task","step":"apply_retention"}'
    USER_TASK_TIMEOUT_MS = 3600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Applies GONG_DATA_RETENTION_POLICY'
AS
CALL GONG_APPLY_RETENTION();
