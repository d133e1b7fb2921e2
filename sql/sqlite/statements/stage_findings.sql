-- Stages what Gong found in a call.
-- ?1 call key, ?2 call id, ?3 JSON
INSERT INTO GONG_CALL_FINDINGS (CALL_KEY, CALL_ID, FINDINGS) VALUES (?1, ?2, ?3)
