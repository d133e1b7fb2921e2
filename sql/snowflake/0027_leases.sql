-- Who is alone in doing what: one row a lease that is held, and one that is only there to be locked.
--
-- Two transactions may insert the same key at the same time, since no key is enforced. So whoever takes a lease first
-- updates the row without a name, and holds its lock until the commit.

CREATE TABLE IF NOT EXISTS GONG_LEASES (
    NAME        VARCHAR NOT NULL,                 -- what only one may do at a time: sync, backlog
    OWNER       VARCHAR NOT NULL,                 -- for people
    HOST        VARCHAR NOT NULL,                 -- where the owner's PID means something
    PID         NUMBER(20, 0) NOT NULL,
    STARTED     VARCHAR NOT NULL,                 -- tells the owner from a later process with its PID
    ACQUIRED_AT TIMESTAMP_LTZ(9) NOT NULL,
    EXPIRES_AT  TIMESTAMP_LTZ(9) NOT NULL
)
COMMENT = 'Who is alone in doing what, until when';

MERGE INTO GONG_LEASES AS T
USING (SELECT '' AS NAME) AS S ON T.NAME = S.NAME
WHEN NOT MATCHED THEN INSERT
    (
        NAME, OWNER, HOST, PID, STARTED, ACQUIRED_AT, EXPIRES_AT
    )
    VALUES (
        S.NAME, '', '', 0, '', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP()
    );
