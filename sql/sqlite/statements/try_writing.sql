-- A write that is taken back: shows that the database takes writes.
INSERT INTO GONG_SCHEMA_HISTORY (VERSION, NAME, CHECKSUM, APPLIED_AT) VALUES (-1, '', '', '')
