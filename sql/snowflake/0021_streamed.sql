-- requires: tables
-- Where backfills arrive by Snowpipe Streaming, which only appends. Rows wait here until they are merged into landing
-- (statements/merge_streamed_*.sql, run by the client or by GONG_MERGE_STREAMED) and are deleted then.
--
-- Instants are text: what a row holds is settled by the merge, not by how the channel reads JSON.

CREATE TABLE IF NOT EXISTS GONG_CALLS_STREAMED (
    CALL_ID        VARCHAR NOT NULL,
    PAYLOAD_SHA    VARCHAR(64) NOT NULL,
    LANDED_AT      VARCHAR NOT NULL,
    CORRELATION_ID VARCHAR NOT NULL,
    STARTED_AT     VARCHAR,
    SCHEDULED_AT   VARCHAR,
    RAW_DATA       VARIANT NOT NULL
)
COMMENT = 'Calls of a backfill, not merged yet';

CREATE TABLE IF NOT EXISTS GONG_CALL_TRANSCRIPTS_STREAMED (
    CALL_ID         VARCHAR NOT NULL,
    PAYLOAD_SHA     VARCHAR(64) NOT NULL,
    LANDED_AT       VARCHAR NOT NULL,
    CORRELATION_ID  VARCHAR NOT NULL,
    TRANSCRIPT_DATA VARIANT NOT NULL
)
COMMENT = 'Transcripts of a backfill, not merged yet';
