-- Mirrors a company.
-- ?1 id, ?2 name, ?3 domain, ?4 industry, ?5 when it was read
INSERT OR REPLACE INTO CRM_COMPANIES (COMPANY_ID, COMPANY_NAME, DOMAIN, INDUSTRY, READ_AT)
VALUES (?1, ?2, ?3, ?4, ?5)
