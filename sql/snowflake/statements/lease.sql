-- Who holds a lease, or held it last without giving it back.
-- ? name
SELECT OWNER, HOST, PID, STARTED, EXPIRES_AT
FROM GONG_LEASES
WHERE NAME = ?
