-- Who holds a lease, or held it last without giving it back.
-- ?1 name
SELECT OWNER, HOST, PID, STARTED, ACQUIRED_AT, EXPIRES_AT
FROM GONG_LEASES
WHERE NAME = ?1
