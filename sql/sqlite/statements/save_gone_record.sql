-- Remembers an id under which the CRM has no record.
-- ?1 kind, ?2 id, ?3 the record that it was merged into, ?4 when it was asked for
INSERT OR REPLACE INTO CRM_GONE_RECORDS (OBJECT_KIND, OBJECT_ID, SURVIVOR_ID, READ_AT)
VALUES (?1, ?2, ?3, ?4)
