-- The CRM has a record under an id.
-- ?1 kind, ?2 id
DELETE FROM CRM_GONE_RECORDS WHERE OBJECT_KIND = ?1 AND OBJECT_ID = ?2
