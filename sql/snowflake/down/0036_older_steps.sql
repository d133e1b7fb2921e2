-- What it took away does not come back.
DELETE FROM GONG_SCHEMA_HISTORY WHERE VERSION = 36;
