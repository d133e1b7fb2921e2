-- Links of a record that was merged lead to the survivor.
-- ?1 kind, ?2 id that was merged, ?3 survivor
UPDATE STG_GONG_CALL_CRM_LINKS SET OBJECT_ID = ?3 WHERE OBJECT_KIND = ?1 AND OBJECT_ID = ?2
