-- A migration is applied, recorded once however often this runs.
-- ? version, ? name, ? checksum, ? now, ? version again
INSERT INTO GONG_SCHEMA_HISTORY (VERSION, NAME, CHECKSUM, APPLIED_AT)
SELECT ?, ?, ?, CAST(? AS TIMESTAMP_LTZ)
WHERE NOT EXISTS (SELECT 1 FROM GONG_SCHEMA_HISTORY WHERE VERSION = ?)
