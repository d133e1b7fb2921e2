-- Stages a participant.
-- ?1 call id, ?2 index, ?3 party id, ?4 speaker id, ?5 user id, ?6 name, ?7 e-mail, ?8 title,
-- ?9 affiliation, ?10 contact, ?11 CRM references
INSERT INTO STG_GONG_CALL_PARTICIPANTS
    (CALL_ID, PARTICIPANT_INDEX, PARTY_ID, SPEAKER_ID, USER_ID, PARTICIPANT_NAME, PARTICIPANT_EMAIL,
     PARTICIPANT_TITLE, AFFILIATION, HUBSPOT_CONTACT_ID, CRM_REFERENCES)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
