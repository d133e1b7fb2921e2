-- Keeps a receipt.
-- ?1 receipt id, ?2 now, ?3 JSON
INSERT INTO GONG_ERASURES (RECEIPT_ID, ERASED_AT, RECEIPT) VALUES (?1, ?2, ?3)
