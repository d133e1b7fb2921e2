-- Who is there. Run once, by SECURITYADMIN; 01_database.sql comes first. What each may do with tables is granted once
-- they are there: 06_grants.sql, after the migrations.
--
-- | role           | for                              | may |
-- |----------------|----------------------------------|-----|
-- | {owner_role}   | migrations and tasks             | own the schema, run tasks |
-- | {ingest_role}  | the service that ingests         | write landing, staging and the CRM mirror; remove what is too old |
-- | {enrich_role}  | the service that asks models     | read staging, write insights and the CRM mirror, use Cortex |
-- | {agent_role}   | analysts, and agents that only read | read views, staging and the CRM mirror; nothing of landing |
--
-- Nobody but the owner may create, alter or drop anything.

USE ROLE SECURITYADMIN;

CREATE ROLE IF NOT EXISTS {owner_role};
CREATE ROLE IF NOT EXISTS {ingest_role};
CREATE ROLE IF NOT EXISTS {enrich_role};
CREATE ROLE IF NOT EXISTS {agent_role};

-- Roles that nobody above holds are out of reach of the administrators. Whoever applies migrations needs the owner's
-- role too: GRANT ROLE {owner_role} TO USER … .
GRANT ROLE {owner_role} TO ROLE SYSADMIN;
GRANT ROLE {ingest_role} TO ROLE {owner_role};
GRANT ROLE {enrich_role} TO ROLE {owner_role};
GRANT ROLE {agent_role} TO ROLE {owner_role};

GRANT USAGE, OPERATE ON WAREHOUSE {warehouse} TO ROLE {owner_role};
GRANT USAGE ON WAREHOUSE {warehouse} TO ROLE {ingest_role};
GRANT USAGE ON WAREHOUSE {warehouse} TO ROLE {enrich_role};
GRANT USAGE ON WAREHOUSE {warehouse} TO ROLE {agent_role};

GRANT USAGE ON DATABASE {database} TO ROLE {owner_role};
GRANT USAGE ON DATABASE {database} TO ROLE {ingest_role};
GRANT USAGE ON DATABASE {database} TO ROLE {enrich_role};
GRANT USAGE ON DATABASE {database} TO ROLE {agent_role};

GRANT OWNERSHIP ON SCHEMA {database}.{schema} TO ROLE {owner_role} COPY CURRENT GRANTS;
GRANT USAGE ON SCHEMA {database}.{schema} TO ROLE {ingest_role};
GRANT USAGE ON SCHEMA {database}.{schema} TO ROLE {enrich_role};
GRANT USAGE ON SCHEMA {database}.{schema} TO ROLE {agent_role};
