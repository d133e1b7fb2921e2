-- Who was erased, so that nobody comes back with what lands later, and the receipts of it. Neither holds personal data.

-- KIND is email, phone, user, contact, name, part or call; of the one row of the kind key, SELECTOR_HASH is the random key of
-- the hashes of the others.
CREATE TABLE GONG_ERASED (
    SELECTOR_HASH TEXT NOT NULL PRIMARY KEY,      -- SHA-256 (hex) of the key, the kind and the value
    KIND          TEXT NOT NULL,
    WORD_COUNT    INTEGER NOT NULL,               -- of a name, to find it in text; else 0
    ERASED_AT     TEXT NOT NULL
) STRICT;

CREATE TABLE GONG_ERASURES (
    RECEIPT_ID TEXT NOT NULL PRIMARY KEY,
    ERASED_AT  TEXT NOT NULL,
    RECEIPT    TEXT NOT NULL                      -- JSON: what was erased, in numbers and ids of calls
) STRICT;
