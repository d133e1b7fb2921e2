-- Gong's own share (Gong Data Cloud), mounted as {gong_share_database}, as a source of calls (docs/gong-share.md). Run by
-- ACCOUNTADMIN, after `snowflake_setup apply --with gong-share` has made the tables.
--
-- A mounted share is all or nothing: whoever has IMPORTED PRIVILEGES reads every object in it, e-mails' metadata and
-- forecasts included. If that is too much for the ingest role, give it views of the eight tables that are read, in a
-- schema of yours, and name that schema by --gong-share-schema.

USE ROLE ACCOUNTADMIN;

GRANT IMPORTED PRIVILEGES ON DATABASE {gong_share_database} TO ROLE {ingest_role};

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE GONG_SHARE_CALLS TO ROLE {ingest_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE GONG_SHARE_TRANSCRIPTS TO ROLE {ingest_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE GONG_SHARE_NEW_CALLS TO ROLE {ingest_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE GONG_SHARE_NEW_TRANSCRIPTS TO ROLE {ingest_role};
GRANT SELECT ON VIEW VW_GONG_SHARE_FRESHNESS TO ROLE {ingest_role};
GRANT SELECT ON VIEW VW_GONG_SHARE_FRESHNESS TO ROLE {agent_role};
