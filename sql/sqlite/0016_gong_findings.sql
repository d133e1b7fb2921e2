-- What Gong found in calls by itself, beside brief and topics: one row a call in which it found something. The items are rows
-- of a view.

CREATE TABLE GONG_CALL_FINDINGS (
    CALL_KEY INTEGER PRIMARY KEY, -- of STG_GONG_CALLS
    CALL_ID  TEXT NOT NULL,
    FINDINGS TEXT NOT NULL        -- JSON: all of it
) STRICT;

-- Brief, key points, outline and highlights by their words. The texts stand in FINDINGS and in STG_GONG_CALLS.BRIEF.
CREATE VIRTUAL TABLE GONG_CALL_FINDINGS_FTS USING fts5 (
    FINDING_TEXT,
    content = '',
    contentless_delete = 1,
    tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE TRIGGER GONG_CALL_FINDINGS_DELETED AFTER DELETE ON GONG_CALL_FINDINGS
BEGIN
    DELETE FROM GONG_CALL_FINDINGS_FTS WHERE rowid = old.CALL_KEY;
END;

-- They go with what was said, whoever deletes the call.
CREATE TRIGGER GONG_CALL_FINDINGS_OF_A_DELETED_CALL
AFTER UPDATE OF DELETED_AT ON STG_GONG_CALLS
WHEN NEW.DELETED_AT IS NOT NULL
BEGIN
    DELETE FROM GONG_CALL_FINDINGS WHERE CALL_KEY = OLD.CALL_KEY;
END;

CREATE TRIGGER GONG_CALL_FINDINGS_OF_A_REMOVED_CALL
AFTER DELETE ON STG_GONG_CALLS
BEGIN
    DELETE FROM GONG_CALL_FINDINGS WHERE CALL_KEY = OLD.CALL_KEY;
END;

-- A row an item. TITLE is the section of an outline, the title of a highlight, the name of a tracker, the author of a
-- comment, the category of an outcome; TIMES is how often a tracker fired or a side asked.
CREATE VIEW STG_GONG_CALL_FINDINGS AS
SELECT CALL_ID, 'key_point' AS KIND, I.key AS POSITION, NULL AS TITLE, I.value AS WHAT, NULL AS START_SECONDS, NULL AS TIMES
FROM GONG_CALL_FINDINGS, JSON_EACH(FINDINGS, '$.key_points') AS I
UNION ALL
SELECT
    CALL_ID, 'outline', S.key * 1000 + I.key, JSON_EXTRACT(S.value, '$.section'), JSON_EXTRACT(I.value, '$.text'),
    JSON_EXTRACT(I.value, '$.start_seconds'), NULL
FROM GONG_CALL_FINDINGS, JSON_EACH(FINDINGS, '$.outline') AS S, JSON_EACH(S.value, '$.items') AS I
UNION ALL
SELECT
    CALL_ID, 'highlight', S.key * 1000 + I.key, JSON_EXTRACT(S.value, '$.title'), JSON_EXTRACT(I.value, '$.text'),
    JSON_EXTRACT(I.value, '$.start_seconds[0]'), NULL
FROM GONG_CALL_FINDINGS, JSON_EACH(FINDINGS, '$.highlights') AS S, JSON_EACH(S.value, '$.items') AS I
UNION ALL
SELECT
    CALL_ID, 'tracker', I.key, JSON_EXTRACT(I.value, '$.name'), JSON_EXTRACT(I.value, '$.kind'),
    JSON_EXTRACT(I.value, '$.occurrences[0].start_seconds'), JSON_EXTRACT(I.value, '$.count')
FROM GONG_CALL_FINDINGS, JSON_EACH(FINDINGS, '$.trackers') AS I
UNION ALL
SELECT
    CALL_ID, 'comment', I.key, JSON_EXTRACT(I.value, '$.author'), JSON_EXTRACT(I.value, '$.text'),
    JSON_EXTRACT(I.value, '$.start_seconds'), NULL
FROM GONG_CALL_FINDINGS, JSON_EACH(FINDINGS, '$.comments') AS I
UNION ALL
SELECT CALL_ID, 'questions', 0, I.key, NULL, NULL, I.value
FROM GONG_CALL_FINDINGS, JSON_EACH(FINDINGS, '$.questions') AS I
WHERE I.value IS NOT NULL
UNION ALL
SELECT
    CALL_ID, 'outcome', 0, JSON_EXTRACT(FINDINGS, '$.outcome.category'), JSON_EXTRACT(FINDINGS, '$.outcome.name'), NULL, NULL
FROM GONG_CALL_FINDINGS
WHERE JSON_TYPE(FINDINGS, '$.outcome') = 'object';

-- Calls that were staged before get theirs with the next transform.
UPDATE GONG_CALLS_RAW SET PROCESSED = 0 WHERE DELETED_AT IS NULL;
