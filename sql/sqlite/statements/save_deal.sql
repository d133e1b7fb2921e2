-- Mirrors a deal.
-- ?1 id, ?2 name, ?3 amount, ?4 currency, ?5 pipeline, ?6 stage, ?7 stage's label, ?8 probability,
-- ?9 close date, ?10 creation, ?11 owner, ?12 owner's name, ?13 outcome, ?14 contacts,
-- ?15 companies, ?16 when it was read, ?17 from when it is, null for the same, ?18 stays in stages
INSERT OR REPLACE INTO CRM_DEALS
    (DEAL_ID, DEAL_NAME, AMOUNT, CURRENCY, PIPELINE_ID, STAGE_ID, STAGE_LABEL, PROBABILITY, CLOSE_DATE,
     CREATED_AT, OWNER_ID, OWNER_NAME, OUTCOME, CONTACT_IDS, COMPANY_IDS, READ_AT, AS_OF, STAGE_STAYS)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
