-- Who is alone in doing what: one row a lease that is held.

CREATE TABLE GONG_LEASES (
    NAME        TEXT NOT NULL PRIMARY KEY,        -- what only one may do at a time: sync, backlog
    OWNER       TEXT NOT NULL,                    -- for people
    HOST        TEXT NOT NULL,                    -- where the owner's PID means something
    PID         INTEGER NOT NULL,
    STARTED     TEXT NOT NULL,                    -- tells the owner from a later process with its PID
    ACQUIRED_AT TEXT NOT NULL,
    EXPIRES_AT  TEXT NOT NULL
) STRICT;
