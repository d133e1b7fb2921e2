-- requires: tables
-- What there is to ask: the chunks that the staged sentences give, and the pieces of work that the settings make of
-- them. Views, so that filling the queue, bringing answers home and reading vectors go by the same hashes.

-- Chunks follow the order of speaking. They hold some 900 words, below the 2,048 tokens that AI_SENTIMENT reads;
-- where a language puts no spaces between words, two letters beyond ASCII count as one. A sentence belongs to the chunk it ends in.
CREATE VIEW IF NOT EXISTS GONG_AI_WANTED_CHUNKS AS
SELECT
    CALL_ID || ':' || FIRST_SENTENCE || ':' || SHA2(CHUNK_TEXT, 256) AS CHUNK_ID,
    CALL_ID,
    FIRST_SENTENCE,
    LAST_SENTENCE,
    CHUNK_TEXT,
    SHA2(CHUNK_TEXT, 256) AS CHUNK_SHA
FROM (
    SELECT
        CALL_ID,
        MIN(SENTENCE_INDEX) AS FIRST_SENTENCE,
        MAX(SENTENCE_INDEX) AS LAST_SENTENCE,
        LISTAGG(TRANSCRIPT_TEXT, '\n') WITHIN GROUP (ORDER BY SENTENCE_INDEX) AS CHUNK_TEXT
    FROM (
        SELECT
            S.CALL_ID,
            S.SENTENCE_INDEX,
            S.TRANSCRIPT_TEXT,
            FLOOR(
                SUM(GREATEST(S.WORD_COUNT, LENGTH(REGEXP_REPLACE(S.TRANSCRIPT_TEXT, '[ -~]', '')) / 2))
                    OVER (PARTITION BY S.CALL_ID ORDER BY S.SENTENCE_INDEX ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
                / 900
            ) AS CHUNK_NUMBER
        FROM STG_GONG_CALL_TRANSCRIPTS AS S
        INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = S.CALL_ID
        WHERE C.DELETED_AT IS NULL
    ) AS NUMBERED
    GROUP BY CALL_ID, CHUNK_NUMBER
) AS CUT;

-- A call's summary is asked for once its words change, not once it lands: the text is part of WORK_ID.
CREATE VIEW IF NOT EXISTS GONG_AI_WANTED_WORK AS
SELECT
    SHA2(S.STEP || '|' || S.MODEL || '|' || S.PROMPT_VERSION || '|' || A.TEXT_SHA, 256) AS WORK_ID,
    S.STEP,
    S.MODEL,
    S.PROMPT_VERSION,
    S.ENABLED,
    A.CALL_ID,
    A.FIRST_SENTENCE,
    A.LAST_SENTENCE,
    A.INPUT_TEXT
FROM GONG_AI_SETTINGS AS S
INNER JOIN (
    SELECT
        'chunk' AS ASKED_OF,
        CALL_ID,
        FIRST_SENTENCE,
        LAST_SENTENCE,
        CHUNK_SHA AS TEXT_SHA,
        CHUNK_TEXT AS INPUT_TEXT
    FROM GONG_AI_CHUNKS
    UNION ALL
    SELECT
        'call',
        CALL_ID,
        MIN(FIRST_SENTENCE),
        MAX(LAST_SENTENCE),
        SHA2(LISTAGG(CHUNK_SHA, '|') WITHIN GROUP (ORDER BY FIRST_SENTENCE), 256),
        LISTAGG(CHUNK_TEXT, '\n') WITHIN GROUP (ORDER BY FIRST_SENTENCE)
    FROM GONG_AI_CHUNKS
    GROUP BY CALL_ID
) AS A ON A.ASKED_OF = S.ASKED_OF;

-- Passages of calls with their vectors, for whoever searches by meaning within Snowflake:
-- VECTOR_COSINE_SIMILARITY(EMBEDDING::VECTOR(FLOAT, 1024), AI_EMBED('<EMBEDDING_MODEL>', 'question')).
CREATE VIEW IF NOT EXISTS VW_GONG_CHUNK_VECTORS AS
SELECT
    W.CALL_ID,
    C.CALL_TITLE,
    C.CALL_DATETIME_UTC,
    W.FIRST_SENTENCE,
    W.LAST_SENTENCE,
    W.INPUT_TEXT AS CHUNK_TEXT,
    E.EMBEDDING_MODEL,
    E.EMBEDDING_DIM,
    E.EMBEDDING
FROM GONG_AI_WANTED_WORK AS W
INNER JOIN GONG_AI_EMBEDDINGS AS E ON E.WORK_ID = W.WORK_ID
INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = W.CALL_ID AND C.DELETED_AT IS NULL
WHERE W.STEP = 'embedding';
