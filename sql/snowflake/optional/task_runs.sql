-- What tasks did lately. Run by the schema's owner, after tasks_*.sql.

-- Runs of the last seven days, but for an hour: what is asked for beyond them is refused. INFORMATION_SCHEMA tells at once what
-- ACCOUNT_USAGE tells 45 minutes later. Without a limit it is the last hundred runs of all tasks that the role sees.
CREATE OR REPLACE VIEW VW_GONG_TASK_RUNS COPY GRANTS AS
SELECT
    NAME AS TASK_NAME,
    STATE,
    SCHEDULED_TIME,
    COMPLETED_TIME,
    ERROR_CODE,
    ERROR_MESSAGE
FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(
    SCHEDULED_TIME_RANGE_START => DATEADD('hour', -167, CURRENT_TIMESTAMP()),
    RESULT_LIMIT => 10000
))
WHERE STARTSWITH(NAME, 'GONG_');
