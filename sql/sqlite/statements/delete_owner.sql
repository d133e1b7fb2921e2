-- Takes a owner out of the CRM mirror.
-- ?1 id
DELETE FROM CRM_OWNERS WHERE OWNER_ID = ?1
