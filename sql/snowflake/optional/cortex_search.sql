-- A search service over chunks, for stores beyond some hundred thousand of them. Run by the schema's owner.
--
-- Serving is billed while the service runs; AUTO_SUSPEND is in seconds and 1,800 at least. The service embeds by
-- itself, with a model that cannot be changed later.

CREATE CORTEX SEARCH SERVICE IF NOT EXISTS GONG_CHUNK_SEARCH
    ON CHUNK_TEXT
    ATTRIBUTES CALL_ID
    WAREHOUSE = {warehouse}
    TARGET_LAG = '1 hour'
    EMBEDDING_MODEL = 'snowflake-arctic-embed-l-v2.0'
    AS
    SELECT CHUNK_TEXT, CALL_ID, FIRST_SENTENCE, LAST_SENTENCE
    FROM GONG_AI_CHUNKS;
