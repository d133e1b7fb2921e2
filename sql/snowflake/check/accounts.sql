-- The organization's accounts with their edition, for ORGADMIN alone.
SHOW ACCOUNTS
