-- Records a committed step of a run, once however often it is sent; the end of a run says when it began.
-- ? JSON: the row by the names of its columns, in lower case
INSERT INTO GONG_INGESTION_STATE
    (
        STATE_ID, CORRELATION_ID, SYNC_MODE, STREAM, STEP, WINDOW_FROM, WINDOW_TO, POSITION, LAST_SYNC_TIMESTAMP,
        CALLS_SEEN, CALLS_INSERTED, CALLS_UPDATED, CALLS_DELETED, TRANSCRIPTS_INSERTED, TRANSCRIPTS_MISSING,
        DEAD_LETTERS, COMMITTED_AT, SETTINGS, BEGAN_AT
    )
SELECT
    B.STEP:state_id::VARCHAR,
    B.STEP:correlation_id::VARCHAR,
    B.STEP:sync_mode::VARCHAR,
    B.STEP:stream::VARCHAR,
    B.STEP:step::VARCHAR,
    TO_TIMESTAMP_LTZ(B.STEP:window_from::VARCHAR, 'AUTO'),
    TO_TIMESTAMP_LTZ(B.STEP:window_to::VARCHAR, 'AUTO'),
    B.STEP:position::VARCHAR,
    TO_TIMESTAMP_LTZ(B.STEP:last_sync_timestamp::VARCHAR, 'AUTO'),
    B.STEP:calls_seen::NUMBER,
    B.STEP:calls_inserted::NUMBER,
    B.STEP:calls_updated::NUMBER,
    B.STEP:calls_deleted::NUMBER,
    B.STEP:transcripts_inserted::NUMBER,
    B.STEP:transcripts_missing::NUMBER,
    B.STEP:dead_letters::NUMBER,
    TO_TIMESTAMP_LTZ(B.STEP:committed_at::VARCHAR, 'AUTO'),
    B.STEP:settings::VARCHAR,
    S.BEGAN_AT
FROM (SELECT PARSE_JSON(?) AS STEP) AS B
LEFT JOIN (
    SELECT CORRELATION_ID, COMMITTED_AT AS BEGAN_AT
    FROM GONG_INGESTION_STATE
    WHERE STEP = 'started'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY CORRELATION_ID ORDER BY STATE_ID DESC) = 1
) AS S ON S.CORRELATION_ID = B.STEP:correlation_id::VARCHAR AND B.STEP:step::VARCHAR = 'finished'
WHERE B.STEP:state_id::VARCHAR NOT IN (SELECT STATE_ID FROM GONG_INGESTION_STATE)
