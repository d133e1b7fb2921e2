-- Takes the words of removed findings out of their index: without its content, deleting leaves them until then.
INSERT INTO GONG_CALL_FINDINGS_FTS (GONG_CALL_FINDINGS_FTS) VALUES ('optimize')
