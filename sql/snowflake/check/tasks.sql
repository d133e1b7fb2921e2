-- Tasks of the schema, with whether each runs and why the last run suspended it.
SHOW TASKS
