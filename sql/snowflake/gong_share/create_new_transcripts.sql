-- The same for transcripts.
CREATE TABLE IF NOT EXISTS GONG_SHARE_NEW_TRANSCRIPTS (
    CALL_ID          VARCHAR NOT NULL,
    CONVERSATION_KEY VARCHAR NOT NULL,
    MODIFIED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    DOCUMENT         VARIANT,
    SHA              VARCHAR(64) NOT NULL
)
COMMENT = 'Transcripts on their way from the share of Gong Data Cloud'
