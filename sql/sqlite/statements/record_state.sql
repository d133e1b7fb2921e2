-- One committed step of a run; the end of a run says when it began.
-- ?1 correlation id, ?2 mode, ?3 stream, ?4 step, ?5 window from, ?6 window to, ?7 position,
-- ?8 watermark, ?9 calls seen, ?10 inserted, ?11 updated, ?12 deleted, ?13 transcripts inserted,
-- ?14 transcripts missing, ?15 dead letters, ?16 now, ?17 settings
INSERT INTO GONG_INGESTION_STATE
    (CORRELATION_ID, SYNC_MODE, STREAM, STEP, WINDOW_FROM, WINDOW_TO, POSITION, LAST_SYNC_TIMESTAMP,
     CALLS_SEEN, CALLS_INSERTED, CALLS_UPDATED, CALLS_DELETED, TRANSCRIPTS_INSERTED,
     TRANSCRIPTS_MISSING, DEAD_LETTERS, COMMITTED_AT, SETTINGS, BEGAN_AT)
SELECT
    ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
    CASE ?4
        WHEN 'finished' THEN (
            SELECT COMMITTED_AT
            FROM GONG_INGESTION_STATE
            WHERE CORRELATION_ID = ?1 AND STEP = 'started'
            ORDER BY STATE_ID DESC
            LIMIT 1
        )
    END
