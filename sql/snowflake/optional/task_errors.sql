-- Word of tasks that fail. Run by the schema's owner, after tasks_*.sql.
--
-- {task_errors_integration} is a notification integration that somebody has made and granted to the owner, such as
-- CREATE NOTIFICATION INTEGRATION … TYPE = QUEUE NOTIFICATION_PROVIDER = AWS_SNS … . Each task that fails tells it why.
-- Suspend tasks that are started before you run this, and resume them after it.
ALTER TASK IF EXISTS GONG_TRANSFORM_TASK SET ERROR_INTEGRATION = {task_errors_integration};
ALTER TASK IF EXISTS GONG_RETENTION_TASK SET ERROR_INTEGRATION = {task_errors_integration};
ALTER TASK IF EXISTS GONG_AI_READ_TASK SET ERROR_INTEGRATION = {task_errors_integration};
