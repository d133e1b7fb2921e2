-- A write that is taken back: shows that the role may write.
INSERT INTO GONG_SCHEMA_HISTORY (VERSION, NAME, CHECKSUM, APPLIED_AT)
SELECT -1, '', '', CURRENT_TIMESTAMP()
