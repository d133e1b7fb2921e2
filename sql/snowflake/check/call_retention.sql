-- What a task runs.
CALL GONG_APPLY_RETENTION()
