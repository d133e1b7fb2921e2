-- What a task runs.
CALL GONG_TRANSFORM()
