-- HubSpot's data share for gong-snowflake. Run by ACCOUNTADMIN once HubSpot has shared and the share is mounted
-- as {hubspot_database}: its name is the customer's choice.
--
-- A mounted share is all or nothing: whoever has IMPORTED PRIVILEGES reads every object in it. The secure views
-- below show agents the columns that enrichment needs and no more. They select named columns: a property that
-- is archived in HubSpot loses its column, and a view that names it fails until it is changed. The client
-- (`hubspot_enrich::DataShare`) looks columns up first and has no such weakness.

GRANT IMPORTED PRIVILEGES ON DATABASE {hubspot_database} TO ROLE {owner_role};

CREATE DATABASE IF NOT EXISTS HUBSPOT_SECURE_SHARE
    COMMENT = 'HubSpot records as gong-snowflake reads them';
GRANT USAGE ON DATABASE HUBSPOT_SECURE_SHARE TO ROLE {owner_role};
GRANT USAGE ON DATABASE HUBSPOT_SECURE_SHARE TO ROLE {enrich_role};
GRANT USAGE ON SCHEMA HUBSPOT_SECURE_SHARE.PUBLIC TO ROLE {owner_role};
GRANT USAGE ON SCHEMA HUBSPOT_SECURE_SHARE.PUBLIC TO ROLE {enrich_role};

-- Ids are numbers in the share and text everywhere else. Whether the flags of closing are BOOLEAN or VARCHAR
-- differs between portals; as text both read the same.
CREATE SECURE VIEW IF NOT EXISTS HUBSPOT_SECURE_SHARE.PUBLIC.DEALS AS
SELECT
    TO_VARCHAR(D.OBJECTID) AS DEAL_ID,
    D.PROPERTY_DEALNAME AS DEAL_NAME,
    D.PROPERTY_AMOUNT AS AMOUNT,
    D.PROPERTY_PIPELINE AS PIPELINE_ID,
    D.PROPERTY_DEALSTAGE AS STAGE_ID,
    S.LABEL AS STAGE_LABEL,
    D.PROPERTY_CLOSEDATE AS CLOSE_DATE,
    D.PROPERTY_CREATEDATE AS CREATED_AT,
    TO_VARCHAR(D.PROPERTY_HUBSPOT_OWNER_ID) AS OWNER_ID,
    LOWER(TO_VARCHAR(D.PROPERTY_HS_IS_CLOSED)) = 'true' AS IS_CLOSED,
    LOWER(TO_VARCHAR(D.PROPERTY_HS_IS_CLOSED_WON)) = 'true' AS IS_WON
FROM {hubspot_database}.V2_DAILY.OBJECTS_DEALS AS D
LEFT JOIN {hubspot_database}.V2_DAILY.PIPELINE_STAGES AS S
    ON S.STAGEID = D.PROPERTY_DEALSTAGE
-- Stage ids are unique within a pipeline only; the share's key of pipelines is not known from any live portal.
QUALIFY ROW_NUMBER() OVER (PARTITION BY D.OBJECTID ORDER BY S.LABEL) = 1;

GRANT SELECT ON VIEW HUBSPOT_SECURE_SHARE.PUBLIC.DEALS TO ROLE {enrich_role};
