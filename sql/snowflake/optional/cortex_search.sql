-- A search service over passages of calls, for stores beyond some hundred thousand of them. Run by the schema's owner,
-- who needs SNOWFLAKE.CORTEX_USER (setup/03_cortex.sql); as owner of the schema it may create the service.
--
-- GONG_AI_ENQUEUE fills GONG_AI_CHUNKS and asks no model for that. Serving is billed while the service runs: after half
-- an hour without a question, the least that Snowflake takes, it is suspended, and the next question wakes it. The
-- primary key lets a refresh read what has changed alone. The service embeds by itself, with a model that cannot be
-- changed later.

CREATE CORTEX SEARCH SERVICE IF NOT EXISTS GONG_CHUNK_SEARCH
    ON CHUNK_TEXT
    PRIMARY KEY (CHUNK_ID)
    ATTRIBUTES CALL_ID
    WAREHOUSE = {warehouse}
    TARGET_LAG = '1 hour'
    EMBEDDING_MODEL = 'snowflake-arctic-embed-l-v2.0-8k'
    REFRESH_MODE = INCREMENTAL
    AUTO_SUSPEND = 1800
AS
SELECT CHUNK_TEXT, CHUNK_ID, CALL_ID, FIRST_SENTENCE, LAST_SENTENCE
FROM GONG_AI_CHUNKS;

GRANT USAGE ON CORTEX SEARCH SERVICE GONG_CHUNK_SEARCH TO ROLE {agent_role};
GRANT USAGE ON CORTEX SEARCH SERVICE GONG_CHUNK_SEARCH TO ROLE {enrich_role};
