-- Mirrors an owner.
-- ?1 id, ?2 name, ?3 e-mail, ?4 whether archived, ?5 when it was read
INSERT OR REPLACE INTO CRM_OWNERS (OWNER_ID, OWNER_NAME, OWNER_EMAIL, IS_ARCHIVED, READ_AT)
VALUES (?1, ?2, ?3, ?4, ?5)
