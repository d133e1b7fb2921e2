-- The place: a warehouse, a database and a schema. Run once, by a role that may create them (SYSADMIN).
--
-- Works on every edition: more than one day of Time Travel needs Enterprise, and is asked for by --time-travel-days.
--
-- Names in braces are filled by `snowflake_setup`. Everything may stand in a database that is there already.

USE ROLE SYSADMIN;

CREATE WAREHOUSE IF NOT EXISTS {warehouse}
    WAREHOUSE_SIZE = '{warehouse_size}'
    AUTO_SUSPEND = 60                             -- a running warehouse is billed by the second, 60 at least
    AUTO_RESUME = TRUE
    INITIALLY_SUSPENDED = TRUE
    STATEMENT_TIMEOUT_IN_SECONDS = 3600           -- the default is two days
    STATEMENT_QUEUED_TIMEOUT_IN_SECONDS = 600
    COMMENT = 'Gong calls: landing, transforms and reads';

CREATE DATABASE IF NOT EXISTS {database}
    DATA_RETENTION_TIME_IN_DAYS = {time_travel_days}  -- Time Travel; what is erased can be read back for so long
    DEFAULT_DDL_COLLATION = ''                    -- names and ids are compared as they are spelt
    COMMENT = 'Gong calls, their transcripts, and what was learnt from them';

-- Managed access: only the schema's owner grants on what is in it, whoever made it.
CREATE SCHEMA IF NOT EXISTS {database}.{schema} WITH MANAGED ACCESS
    DEFAULT_DDL_COLLATION = ''
    COMMENT = 'Tables of gong-snowflake; made and changed by its migrations alone';
