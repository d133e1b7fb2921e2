-- Privileges on the account, and account settings that keep what people said private. Run once, by ACCOUNTADMIN,
-- after reading it.

USE ROLE ACCOUNTADMIN;

-- Tasks (optional/tasks_*.sql): the first for any, the second for those without a warehouse.
GRANT EXECUTE TASK ON ACCOUNT TO ROLE {owner_role};
GRANT EXECUTE MANAGED TASK ON ACCOUNT TO ROLE {owner_role};

-- The alert on spending (optional/spend_alert.sql).
GRANT EXECUTE ALERT ON ACCOUNT TO ROLE {owner_role};

-- Bound values are kept with the history of queries and are readable in
-- ACCOUNT_USAGE.QUERY_HISTORY.BIND_VALUES and INFORMATION_SCHEMA.BIND_VALUES(query_id). Landing binds whole
-- transcripts: without this setting, whoever may read the history may read every call.
ALTER ACCOUNT SET ALLOW_BIND_VALUES_ACCESS = FALSE;

-- Models that the account's region does not serve are another decision: `snowflake_setup print cross-region`.
