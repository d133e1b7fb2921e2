-- A search service over passages of calls, for stores beyond some hundred thousand of them. Run by the schema's owner,
-- who needs SNOWFLAKE.CORTEX_USER (setup/03_cortex.sql); as owner of the schema it may create the service.
--
-- It reads the passages that the client's analysis makes: at most 1,200 letters, some 300 tokens, below the 512 that
-- Snowflake advises for a passage. Serving is billed while the service runs: after half an hour without a question, the
-- least that Snowflake takes, it is suspended, and the next question wakes it. The primary key lets a refresh read what
-- has changed alone. The service embeds by itself, with a model that cannot be changed later.

CREATE CORTEX SEARCH SERVICE IF NOT EXISTS GONG_CHUNK_SEARCH
    ON CHUNK_TEXT
    PRIMARY KEY (CHUNK_ID)
    ATTRIBUTES CALL_ID
    WAREHOUSE = {warehouse}
    TARGET_LAG = '1 hour'
    EMBEDDING_MODEL = 'snowflake-arctic-embed-l-v2.0'
    REFRESH_MODE = INCREMENTAL
    AUTO_SUSPEND = 1800
AS
SELECT CHUNK_TEXT, CALL_ID || ':' || CHUNK_INDEX AS CHUNK_ID, CALL_ID, FIRST_SENTENCE, LAST_SENTENCE
FROM STG_GONG_TRANSCRIPT_CHUNKS;

GRANT USAGE ON CORTEX SEARCH SERVICE GONG_CHUNK_SEARCH TO ROLE {agent_role};
GRANT USAGE ON CORTEX SEARCH SERVICE GONG_CHUNK_SEARCH TO ROLE {enrich_role};
