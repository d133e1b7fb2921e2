-- Stages a call without the figures of its conversation. Insights stay: what rewrites the
-- sentences removes them on its own.
-- ?1 call id, ?2 title, ?3 start, ?4 scheduled start, ?5 seconds, ?6 direction, ?7 media, ?8 scope,
-- ?9 system, ?10 language, ?11 url, ?12 workspace, ?13 private, ?14 primary user's id, ?15 e-mail,
-- ?16 name, ?17 e-mail folded, ?18 name folded, ?19 deal, ?20 contact, ?21 company, ?22 deal's name,
-- ?23 stage, ?24 amount, ?25 CRM references, ?26 trackers, ?27 brief, ?28 now, ?29 error
INSERT INTO STG_GONG_CALLS
    (CALL_ID, CALL_TITLE, CALL_DATETIME_UTC, SCHEDULED_DATETIME_UTC, CALL_DURATION_SECONDS,
     CALL_DIRECTION, CALL_MEDIA, CALL_SCOPE, CALL_SYSTEM, CALL_LANGUAGE, CALL_URL, WORKSPACE_ID,
     IS_PRIVATE, PRIMARY_USER_ID, PRIMARY_USER_EMAIL, PRIMARY_USER_NAME, PRIMARY_USER_EMAIL_FOLDED,
     PRIMARY_USER_NAME_FOLDED, HUBSPOT_DEAL_ID, HUBSPOT_CONTACT_ID, HUBSPOT_COMPANY_ID, DEAL_NAME,
     DEAL_STAGE, DEAL_AMOUNT, CRM_REFERENCES, TRACKERS, BRIEF, STAGED_AT, PROCESSING_ERROR)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
        ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)
ON CONFLICT (CALL_ID) DO UPDATE SET
    CALL_TITLE = excluded.CALL_TITLE,
    CALL_DATETIME_UTC = excluded.CALL_DATETIME_UTC,
    SCHEDULED_DATETIME_UTC = excluded.SCHEDULED_DATETIME_UTC,
    CALL_DURATION_SECONDS = excluded.CALL_DURATION_SECONDS,
    CALL_DIRECTION = excluded.CALL_DIRECTION,
    CALL_MEDIA = excluded.CALL_MEDIA,
    CALL_SCOPE = excluded.CALL_SCOPE,
    CALL_SYSTEM = excluded.CALL_SYSTEM,
    CALL_LANGUAGE = excluded.CALL_LANGUAGE,
    CALL_URL = excluded.CALL_URL,
    WORKSPACE_ID = excluded.WORKSPACE_ID,
    IS_PRIVATE = excluded.IS_PRIVATE,
    PRIMARY_USER_ID = excluded.PRIMARY_USER_ID,
    PRIMARY_USER_EMAIL = excluded.PRIMARY_USER_EMAIL,
    PRIMARY_USER_NAME = excluded.PRIMARY_USER_NAME,
    PRIMARY_USER_EMAIL_FOLDED = excluded.PRIMARY_USER_EMAIL_FOLDED,
    PRIMARY_USER_NAME_FOLDED = excluded.PRIMARY_USER_NAME_FOLDED,
    HUBSPOT_DEAL_ID = excluded.HUBSPOT_DEAL_ID,
    HUBSPOT_CONTACT_ID = excluded.HUBSPOT_CONTACT_ID,
    HUBSPOT_COMPANY_ID = excluded.HUBSPOT_COMPANY_ID,
    DEAL_NAME = excluded.DEAL_NAME,
    DEAL_STAGE = excluded.DEAL_STAGE,
    DEAL_AMOUNT = excluded.DEAL_AMOUNT,
    CRM_REFERENCES = excluded.CRM_REFERENCES,
    TRACKERS = excluded.TRACKERS,
    BRIEF = excluded.BRIEF,
    STAGED_AT = excluded.STAGED_AT,
    PROCESSING_ERROR = excluded.PROCESSING_ERROR,
    DELETED_AT = NULL
