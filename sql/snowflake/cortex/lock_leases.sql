-- Lets one transaction at a time take a lease: the lock of this row is held until the commit.
UPDATE GONG_LEASES
SET ACQUIRED_AT = CURRENT_TIMESTAMP()
WHERE NAME = ''
