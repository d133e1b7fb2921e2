-- The links of calls that took place before an instant.
-- ?1 instant
DELETE FROM STG_GONG_CALL_CRM_LINKS
WHERE LINK_KEY >> 24 IN (SELECT CALL_KEY FROM STG_GONG_CALLS WHERE CALL_DATETIME_UTC < ?1)
