-- Who was erased, and the key of their hashes.
SELECT SELECTOR_HASH, KIND, WORD_COUNT FROM GONG_ERASED
