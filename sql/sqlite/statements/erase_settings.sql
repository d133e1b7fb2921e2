-- What a run was asked for, without somebody.
-- ?1 step, ?2 settings
UPDATE GONG_INGESTION_STATE SET SETTINGS = ?2 WHERE STATE_ID = ?1
