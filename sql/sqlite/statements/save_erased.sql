-- Remembers one who was erased.
-- ?1 hash, ?2 kind, ?3 words of a name, ?4 now
INSERT INTO GONG_ERASED (SELECTOR_HASH, KIND, WORD_COUNT, ERASED_AT)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (SELECTOR_HASH) DO NOTHING
