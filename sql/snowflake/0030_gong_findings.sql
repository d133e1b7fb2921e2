-- What Gong found in calls by itself, beside brief and topics. The items are rows of a view.

ALTER TABLE STG_GONG_CALLS ADD COLUMN IF NOT EXISTS GONG_FINDINGS VARIANT;

-- The words of brief, key points, outline and highlights, each between bars, as search_terms.rs writes them.
ALTER TABLE STG_GONG_CALLS ADD COLUMN IF NOT EXISTS GONG_FINDING_TERMS VARCHAR;

-- How many words those are.
ALTER TABLE STG_GONG_CALLS ADD COLUMN IF NOT EXISTS GONG_FINDING_TERM_COUNT NUMBER(10, 0);

-- A row an item. TITLE is the section of an outline, the title of a highlight, the name of a tracker, the author of a comment, the category of
-- an outcome; TIMES is how often a tracker fired or a side asked.
CREATE OR REPLACE VIEW STG_GONG_CALL_FINDINGS COPY GRANTS AS
SELECT
    C.CALL_ID,
    'key_point' AS KIND,
    I.INDEX AS POSITION,
    NULL::VARCHAR AS TITLE,
    I.VALUE::VARCHAR AS WHAT,
    NULL::FLOAT AS START_SECONDS,
    NULL::NUMBER AS TIMES
FROM STG_GONG_CALLS AS C, LATERAL FLATTEN(INPUT => C.GONG_FINDINGS:key_points) AS I
UNION ALL
SELECT
    C.CALL_ID,
    'outline',
    S.INDEX * 1000 + I.INDEX,
    S.VALUE:section::VARCHAR,
    I.VALUE:text::VARCHAR,
    I.VALUE:start_seconds::FLOAT,
    NULL
FROM
    STG_GONG_CALLS AS C,
    LATERAL FLATTEN(INPUT => C.GONG_FINDINGS:outline) AS S,
    LATERAL FLATTEN(INPUT => S.VALUE:items) AS I
UNION ALL
SELECT
    C.CALL_ID,
    'highlight',
    S.INDEX * 1000 + I.INDEX,
    S.VALUE:title::VARCHAR,
    I.VALUE:text::VARCHAR,
    I.VALUE:start_seconds[0]::FLOAT,
    NULL
FROM
    STG_GONG_CALLS AS C,
    LATERAL FLATTEN(INPUT => C.GONG_FINDINGS:highlights) AS S,
    LATERAL FLATTEN(INPUT => S.VALUE:items) AS I
UNION ALL
SELECT
    C.CALL_ID,
    'tracker',
    I.INDEX,
    I.VALUE:name::VARCHAR,
    I.VALUE:kind::VARCHAR,
    I.VALUE:occurrences[0]:start_seconds::FLOAT,
    I.VALUE:count::NUMBER
FROM STG_GONG_CALLS AS C, LATERAL FLATTEN(INPUT => C.GONG_FINDINGS:trackers) AS I
UNION ALL
SELECT
    C.CALL_ID,
    'comment',
    I.INDEX,
    I.VALUE:author::VARCHAR,
    I.VALUE:text::VARCHAR,
    I.VALUE:start_seconds::FLOAT,
    NULL
FROM STG_GONG_CALLS AS C, LATERAL FLATTEN(INPUT => C.GONG_FINDINGS:comments) AS I
UNION ALL
SELECT C.CALL_ID, 'questions', 0, 'company', NULL, NULL, C.GONG_FINDINGS:questions:company::NUMBER
FROM STG_GONG_CALLS AS C
WHERE C.GONG_FINDINGS:questions:company::NUMBER IS NOT NULL
UNION ALL
SELECT C.CALL_ID, 'questions', 0, 'others', NULL, NULL, C.GONG_FINDINGS:questions:others::NUMBER
FROM STG_GONG_CALLS AS C
WHERE C.GONG_FINDINGS:questions:others::NUMBER IS NOT NULL
UNION ALL
SELECT
    C.CALL_ID,
    'outcome',
    0,
    C.GONG_FINDINGS:outcome:category::VARCHAR,
    C.GONG_FINDINGS:outcome:name::VARCHAR,
    NULL,
    NULL
FROM STG_GONG_CALLS AS C
WHERE COALESCE(C.GONG_FINDINGS:outcome:name::VARCHAR, C.GONG_FINDINGS:outcome:category::VARCHAR) IS NOT NULL;

-- Calls that were staged before get theirs with the client's next transform.
UPDATE GONG_CALLS_RAW SET PROCESSED = FALSE WHERE DELETED_AT IS NULL;
