-- Mirrors a stage of a pipeline.
-- ?1 pipeline, ?2 stage, ?3 label, ?4 probability, ?5 position, ?6 when it was read
INSERT OR REPLACE INTO CRM_STAGES
    (PIPELINE_ID, STAGE_ID, STAGE_LABEL, PROBABILITY, DISPLAY_ORDER, READ_AT)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
