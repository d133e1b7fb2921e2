-- Calls on their way from the share into landing; empty between runs.
CREATE TABLE IF NOT EXISTS GONG_SHARE_NEW_CALLS (
    CALL_ID          VARCHAR NOT NULL,
    CONVERSATION_KEY VARCHAR NOT NULL,
    STARTED_AT       TIMESTAMP_LTZ(9),
    SCHEDULED_AT     TIMESTAMP_LTZ(9),
    MODIFIED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    DOCUMENT         VARIANT,                     -- in the shape of Gong's API
    SHA              VARCHAR(64) NOT NULL
)
COMMENT = 'Calls on their way from the share of Gong Data Cloud'
