-- A place for the one made-up call of live_check.
CREATE SCHEMA {scratch} COMMENT = 'live_check of gong-snowflake; may be dropped'
