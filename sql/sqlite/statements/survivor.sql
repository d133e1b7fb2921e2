-- The record that an id was merged into; no row when it was not.
-- ?1 kind, ?2 id
SELECT SURVIVOR_ID
FROM CRM_GONE_RECORDS
WHERE OBJECT_KIND = ?1 AND OBJECT_ID = ?2 AND SURVIVOR_ID IS NOT NULL
