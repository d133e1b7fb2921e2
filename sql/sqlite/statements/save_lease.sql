-- Gives a lease to an owner, or more time to the one who has it.
-- ?1 name, ?2 owner, ?3 host, ?4 process, ?5 its start, ?6 held since, ?7 held until
INSERT OR REPLACE INTO GONG_LEASES (NAME, OWNER, HOST, PID, STARTED, ACQUIRED_AT, EXPIRES_AT)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
