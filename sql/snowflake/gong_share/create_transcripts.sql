-- The same for transcripts.
CREATE TABLE IF NOT EXISTS GONG_SHARE_TRANSCRIPTS (
    CALL_ID          VARCHAR NOT NULL,
    CONVERSATION_KEY VARCHAR NOT NULL,
    SHA              VARCHAR(64) NOT NULL,
    MODIFIED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    GONE_AT          TIMESTAMP_LTZ(9)
)
COMMENT = 'Transcripts of the share of Gong Data Cloud: what was landed of them'
