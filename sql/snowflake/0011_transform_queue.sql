-- requires: tables
-- What the transform in the database needs: calls to take next, filled and emptied within one transaction, and
-- which procedures failed of what.

CREATE TABLE IF NOT EXISTS GONG_TRANSFORM_QUEUE (
    CALL_ID VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS GONG_PROCEDURE_ERRORS (
    PROCEDURE_NAME VARCHAR NOT NULL,
    SQL_CODE       NUMBER(9, 0),
    SQL_STATE      VARCHAR,
    REASON         VARCHAR,
    FAILED_AT      TIMESTAMP_LTZ NOT NULL
);
