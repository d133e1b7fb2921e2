-- Tasks of the schema, with whether each runs and why it was suspended.
SHOW TASKS IN SCHEMA
