-- Who may do what. Run once, by SECURITYADMIN; 01_database.sql comes first.
--
-- | role           | for                              | may |
-- |----------------|----------------------------------|-----|
-- | {owner_role}   | migrations and tasks             | own the schema, run tasks |
-- | {ingest_role}  | the service that ingests         | write landing, staging and the CRM mirror |
-- | {enrich_role}  | the service that asks models     | read staging, write insights and the AI ledger, use Cortex |
-- | {agent_role}   | agents and analysts              | read views and staging |
--
-- Nobody but the owner may create, alter or drop anything.

CREATE ROLE IF NOT EXISTS {owner_role};
CREATE ROLE IF NOT EXISTS {ingest_role};
CREATE ROLE IF NOT EXISTS {enrich_role};
CREATE ROLE IF NOT EXISTS {agent_role};

-- Roles that nobody above holds are out of reach of the administrators.
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

-- Triggered serverless tasks need both.
GRANT EXECUTE TASK ON ACCOUNT TO ROLE {owner_role};
GRANT EXECUTE MANAGED TASK ON ACCOUNT TO ROLE {owner_role};

-- Tables do not exist yet when this runs, so the grants are on what will be created.
GRANT SELECT, INSERT, UPDATE, DELETE ON FUTURE TABLES IN SCHEMA {database}.{schema} TO ROLE {ingest_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON FUTURE TABLES IN SCHEMA {database}.{schema} TO ROLE {enrich_role};
GRANT SELECT ON FUTURE TABLES IN SCHEMA {database}.{schema} TO ROLE {agent_role};
GRANT SELECT ON FUTURE VIEWS IN SCHEMA {database}.{schema} TO ROLE {ingest_role};
GRANT SELECT ON FUTURE VIEWS IN SCHEMA {database}.{schema} TO ROLE {enrich_role};
GRANT SELECT ON FUTURE VIEWS IN SCHEMA {database}.{schema} TO ROLE {agent_role};
