-- Makes what Gong wrote about a call findable by its words.
-- ?1 call key, ?2 text
INSERT INTO GONG_CALL_FINDINGS_FTS (rowid, FINDING_TEXT) VALUES (?1, ?2)
