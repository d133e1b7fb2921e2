-- A CRM user without name and address: the row stays, or enrichment would fetch it again.
-- ?1 id, ?2 name
UPDATE CRM_OWNERS SET OWNER_NAME = ?2, OWNER_EMAIL = NULL WHERE OWNER_ID = ?1
