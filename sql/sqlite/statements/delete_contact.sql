-- Takes a contact out of the CRM mirror.
-- ?1 id
DELETE FROM CRM_CONTACTS WHERE CONTACT_ID = ?1
