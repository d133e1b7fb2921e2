-- What of Gong's own share has been landed, a row a call. Nothing in it was said by anybody.
CREATE TABLE IF NOT EXISTS GONG_SHARE_CALLS (
    CALL_ID          VARCHAR NOT NULL,
    CONVERSATION_KEY VARCHAR NOT NULL,
    SHA              VARCHAR(64) NOT NULL,        -- of the call as the share has it
    MODIFIED_AT      TIMESTAMP_LTZ(9) NOT NULL,   -- latest ETL_MODIFIED_DATETIME of its rows
    STARTED_AT       TIMESTAMP_LTZ(9),
    GONE_AT          TIMESTAMP_LTZ(9)             -- since when the share has it no longer
)
COMMENT = 'Calls of the share of Gong Data Cloud: what was landed of them'
