-- What was merged into a record that was merged itself has the latest survivor.
-- ?1 kind, ?2 id that was merged, ?3 survivor
UPDATE CRM_GONE_RECORDS SET SURVIVOR_ID = ?3 WHERE OBJECT_KIND = ?1 AND SURVIVOR_ID = ?2
