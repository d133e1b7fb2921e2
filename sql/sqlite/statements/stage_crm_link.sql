-- Links a call with a CRM record.
-- ?1 key, ?2 call id, ?3 index, ?4 kind, ?5 id of the record
INSERT INTO STG_GONG_CALL_CRM_LINKS (LINK_KEY, CALL_ID, LINK_INDEX, OBJECT_KIND, OBJECT_ID)
VALUES (?1, ?2, ?3, ?4, ?5)
