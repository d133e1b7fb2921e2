-- A deal without somebody.
-- ?1 id, ?2 name, ?3 owner's name, ?4 JSON contacts
UPDATE CRM_DEALS SET DEAL_NAME = ?2, OWNER_NAME = ?3, CONTACT_IDS = ?4 WHERE DEAL_ID = ?1
