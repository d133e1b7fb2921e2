-- Takes a deal out of the CRM mirror.
-- ?1 id
DELETE FROM CRM_DEALS WHERE DEAL_ID = ?1
