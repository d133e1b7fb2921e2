-- Leaves Cortex to the roles that were granted it (03_cortex.sql, which comes first). Run once, by ACCOUNTADMIN.
--
-- It changes what everybody in the account may do, whatever their work: Snowflake grants both to PUBLIC, and each role that
-- relies on that loses it. Read it first, and grant both to the others that need them.

USE ROLE ACCOUNTADMIN;

REVOKE USE AI FUNCTIONS ON ACCOUNT FROM ROLE PUBLIC;
REVOKE DATABASE ROLE SNOWFLAKE.CORTEX_USER FROM ROLE PUBLIC;
