-- Takes a company out of the CRM mirror.
-- ?1 id
DELETE FROM CRM_COMPANIES WHERE COMPANY_ID = ?1
