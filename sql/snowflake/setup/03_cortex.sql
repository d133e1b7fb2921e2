-- Who may use Cortex. Run once, by ACCOUNTADMIN. It changes what everybody in the account may do: read it first.
--
-- Snowflake grants both halves of the right to PUBLIC, so every user may spend on models until that is revoked.
-- The functions need the account privilege and a database role of SNOWFLAKE, both of them.

USE ROLE ACCOUNTADMIN;

REVOKE USE AI FUNCTIONS ON ACCOUNT FROM ROLE PUBLIC;
REVOKE DATABASE ROLE SNOWFLAKE.CORTEX_USER FROM ROLE PUBLIC;

GRANT USE AI FUNCTIONS ON ACCOUNT TO ROLE {enrich_role};
GRANT DATABASE ROLE SNOWFLAKE.CORTEX_USER TO ROLE {enrich_role};

-- AI procedures run with the rights of their owner, who also makes the search service.
GRANT USE AI FUNCTIONS ON ACCOUNT TO ROLE {owner_role};
GRANT DATABASE ROLE SNOWFLAKE.CORTEX_USER TO ROLE {owner_role};

-- What was spent, by query tag (optional/cost_views.sql).
GRANT DATABASE ROLE SNOWFLAKE.USAGE_VIEWER TO ROLE {owner_role};
GRANT DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER TO ROLE {owner_role};
