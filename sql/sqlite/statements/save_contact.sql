-- Mirrors a contact.
-- ?1 id, ?2 e-mail, ?3 name, ?4 title, ?5 company, ?6 when it was read
INSERT OR REPLACE INTO CRM_CONTACTS
    (CONTACT_ID, CONTACT_EMAIL, CONTACT_NAME, CONTACT_TITLE, COMPANY_ID, READ_AT)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
