-- A search service over passages of calls, for stores beyond some hundred thousand of them. Run by the schema's owner,
-- who needs SNOWFLAKE.CORTEX_USER (setup/03_cortex.sql); as owner of the schema it may create the service.
--
-- It is billed as soon as it is made: tokens for embedding all passages once and then what changes, the warehouse for
-- refreshes, storage, and serving by the gigabyte and month, asked or not. AUTO_SUSPEND ends serving after half an hour
-- without a question, the least that Snowflake takes; the next question wakes it and may be refused (429) until it runs,
-- which clients wait for. ALTER CORTEX SEARCH SERVICE GONG_CHUNK_SEARCH SUSPEND INDEXING stops refreshes, DROP all of it.
--
-- Analyses fill STG_GONG_TRANSCRIPT_CHUNKS, with passages of the size that Snowflake advises (512 tokens at most). The
-- primary key lets a refresh read what has changed alone. The service embeds by itself, with a model that cannot be
-- changed later.

-- A refresh reads changes.
ALTER TABLE STG_GONG_TRANSCRIPT_CHUNKS SET CHANGE_TRACKING = TRUE;

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
