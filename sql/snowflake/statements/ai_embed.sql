-- Vectors of claimed passages. It raises on the first text that it cannot do, and writes nothing then. The model
-- stands in the text, since the dimension follows from it.
-- ? claim, ? and ? the one piece of it to embed; null, those that were never asked for
INSERT INTO GONG_AI_EMBEDDINGS (WORK_ID, EMBEDDING_MODEL, EMBEDDING_DIM, EMBEDDING, EMBEDDED_AT)
SELECT
    WORK_ID,
    MODEL,
    1024,
    AI_EMBED('snowflake-arctic-embed-l-v2.0-8k', INPUT_TEXT)::ARRAY,
    CURRENT_TIMESTAMP()
FROM (
    SELECT WORK_ID, MODEL, INPUT_TEXT
    FROM GONG_AI_WORK
    WHERE CLAIM_ID = ?
        AND STATE = 'claimed'
        AND MODEL = 'snowflake-arctic-embed-l-v2.0-8k'
        AND IFF(? IS NULL, ATTEMPTS = 1, WORK_ID = ?)
        AND WORK_ID NOT IN (SELECT WORK_ID FROM GONG_AI_EMBEDDINGS)
) AS ASKED
