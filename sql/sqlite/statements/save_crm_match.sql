-- Gives a call the CRM records that it was matched with. Touches nothing when it is unknown,
-- deleted or linked by Gong.
-- ?1 call id, ?2 deal, ?3 contact, ?4 company, ?5 reason, ?6 when the CRM was asked
UPDATE STG_GONG_CALLS
SET HUBSPOT_DEAL_ID = ?2, HUBSPOT_CONTACT_ID = ?3, HUBSPOT_COMPANY_ID = ?4, CRM_MATCH_REASON = ?5,
    CRM_MATCHED_AT = ?6
WHERE CALL_ID = ?1
    AND DELETED_AT IS NULL
    AND (CRM_MATCH_REASON IS NULL OR CRM_MATCH_REASON <> 'gong_context')
