-- From where the account may be reached.
SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN ACCOUNT
