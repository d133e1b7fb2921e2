-- fakesnow: no
-- Vectors of chunks, each with its model beside it: vectors of different models are never compared.
--
-- AI_EMBED raises on the first row it cannot do, and a VECTOR cannot be a variable of a procedure, so embedding
-- is one plain statement that a task runs: what fails takes nothing else with it, and is asked again next time.
-- The model stands in the text because the dimension of the column follows from it. To change it, make a table
-- for the new dimension: a column has one dimension only.

CREATE TABLE IF NOT EXISTS GONG_AI_EMBEDDINGS_1024 (
    WORK_ID         VARCHAR(64) NOT NULL,
    EMBEDDING_MODEL VARCHAR NOT NULL,
    EMBEDDING       VECTOR(FLOAT, 1024) NOT NULL,
    EMBEDDED_AT     TIMESTAMP_LTZ NOT NULL
);

CREATE TASK IF NOT EXISTS GONG_AI_EMBED_TASK
    SCHEDULE = '60 MINUTES'
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
    USER_TASK_TIMEOUT_MS = 1800000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    COMMENT = 'Embeds chunks that have no vector yet; suspended until somebody resumes it, since it costs'
AS
INSERT INTO GONG_AI_EMBEDDINGS_1024 (WORK_ID, EMBEDDING_MODEL, EMBEDDING, EMBEDDED_AT)
SELECT
    W.WORK_ID,
    W.MODEL,
    AI_EMBED('snowflake-arctic-embed-l-v2.0', W.INPUT_TEXT),
    CURRENT_TIMESTAMP()
FROM GONG_AI_WORK AS W
LEFT JOIN GONG_AI_EMBEDDINGS_1024 AS E ON W.WORK_ID = E.WORK_ID
WHERE W.STEP = 'embedding'
    AND W.MODEL = 'snowflake-arctic-embed-l-v2.0'
    AND E.WORK_ID IS NULL
QUALIFY ROW_NUMBER() OVER (ORDER BY W.QUEUED_AT, W.WORK_ID) <= 20000;
