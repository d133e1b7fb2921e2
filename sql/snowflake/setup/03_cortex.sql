-- Who may use Cortex. Run once, by ACCOUNTADMIN. It takes nothing from anybody.
--
-- The functions need the account privilege and a database role of SNOWFLAKE, both of them. Snowflake grants both to
-- PUBLIC, so every user may spend on models: `snowflake_setup print restrict-cortex` is for those who do not want that.

USE ROLE ACCOUNTADMIN;

GRANT USE AI FUNCTIONS ON ACCOUNT TO ROLE {enrich_role};
GRANT DATABASE ROLE SNOWFLAKE.CORTEX_USER TO ROLE {enrich_role};

-- AI procedures run with the rights of their owner, who also makes the search service.
GRANT USE AI FUNCTIONS ON ACCOUNT TO ROLE {owner_role};
GRANT DATABASE ROLE SNOWFLAKE.CORTEX_USER TO ROLE {owner_role};

-- Analysts may put questions to the Cortex agent (optional/cortex_agent.sql), and call no function.
GRANT DATABASE ROLE SNOWFLAKE.CORTEX_AGENT_USER TO ROLE {agent_role};

-- What was spent, by query tag (optional/cost_views.sql).
GRANT DATABASE ROLE SNOWFLAKE.USAGE_VIEWER TO ROLE {owner_role};
GRANT DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER TO ROLE {owner_role};
