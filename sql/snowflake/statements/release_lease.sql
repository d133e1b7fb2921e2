-- Gives a lease back, if its owner still has it.
-- ? name, ? owner, ? host, ? process, ? its start
DELETE FROM GONG_LEASES
WHERE NAME = ? AND OWNER = ? AND HOST = ? AND PID = ? AND STARTED = ?
