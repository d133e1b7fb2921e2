-- Gives a lease back, if its owner still has it.
-- ?1 name, ?2 owner, ?3 host, ?4 process, ?5 its start
DELETE FROM GONG_LEASES
WHERE NAME = ?1 AND OWNER = ?2 AND HOST = ?3 AND PID = ?4 AND STARTED = ?5
