-- Who writes staging: client or task.
SELECT WRITER FROM GONG_STAGING WHERE STAGING_ID = 1
