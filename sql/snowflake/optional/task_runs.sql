-- What tasks did lately, and word of what fails. Run by the schema's owner, after tasks_*.sql.

-- Runs of the last seven days. INFORMATION_SCHEMA tells at once what ACCOUNT_USAGE tells 45 minutes later. Without a limit it is
-- the last hundred runs of all tasks that the role sees.
CREATE OR REPLACE VIEW VW_GONG_TASK_RUNS COPY GRANTS AS
SELECT
    NAME AS TASK_NAME,
    STATE,
    SCHEDULED_TIME,
    COMPLETED_TIME,
    ERROR_CODE,
    ERROR_MESSAGE
FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(
    SCHEDULED_TIME_RANGE_START => DATEADD('day', -7, CURRENT_TIMESTAMP()),
    RESULT_LIMIT => 10000
))
WHERE STARTSWITH(NAME, 'GONG_');

-- GONG_TASK_ERRORS is a notification integration that somebody has made and granted to the owner, such as
-- CREATE NOTIFICATION INTEGRATION GONG_TASK_ERRORS TYPE = QUEUE NOTIFICATION_PROVIDER = AWS_SNS … . Each task that
-- fails tells it why.
ALTER TASK GONG_TRANSFORM_TASK SET ERROR_INTEGRATION = GONG_TASK_ERRORS;
ALTER TASK GONG_RETENTION_TASK SET ERROR_INTEGRATION = GONG_TASK_ERRORS;
