-- In place of 0018_tasks.sql, for accounts without serverless tasks: a warehouse of one's own, by the clock.
--
-- It wakes the warehouse (billed for 60 seconds at least) whether or not anything landed; the condition only
-- keeps the statement from running.

CREATE OR REPLACE TASK GONG_TRANSFORM_TASK
    WAREHOUSE = {warehouse}
    SCHEDULE = 'USING CRON */30 * * * * UTC'
    USER_TASK_TIMEOUT_MS = 1800000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Stages what landed'
    WHEN SYSTEM$STREAM_HAS_DATA('GONG_CALLS_RAW_CHANGES') OR SYSTEM$STREAM_HAS_DATA('GONG_CALL_TRANSCRIPTS_RAW_CHANGES')
AS
CALL GONG_TRANSFORM();
