-- Who was erased, so that nobody comes back with what lands later, and the receipts of it. Neither holds personal data.

-- KIND is email, phone, user, contact, name, part or call; of the row of the kind key, SELECTOR_HASH is the random key of
-- the hashes of the others.
CREATE TABLE IF NOT EXISTS GONG_ERASED (
    SELECTOR_HASH VARCHAR(64) NOT NULL,           -- SHA-256 (hex) of the key, the kind and the value
    KIND          VARCHAR NOT NULL,
    WORD_COUNT    NUMBER(9, 0) NOT NULL,          -- of a name, to find it in text; else 0
    ERASED_AT     TIMESTAMP_LTZ(9) NOT NULL
)
COMMENT = 'Keyed hashes of what erased people and calls are known by';

CREATE TABLE IF NOT EXISTS GONG_ERASURES (
    RECEIPT_ID VARCHAR NOT NULL,
    ERASED_AT  TIMESTAMP_LTZ(9) NOT NULL,
    RECEIPT    VARIANT NOT NULL                   -- what was erased, in numbers and ids of calls
)
COMMENT = 'Receipts of erasures';
