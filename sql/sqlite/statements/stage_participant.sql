-- Stages a participant.
-- ?1 key, ?2 call id, ?3 index, ?4 party id, ?5 speaker id, ?6 user id, ?7 name, ?8 e-mail,
-- ?9 title, ?10 affiliation, ?11 contact, ?12 CRM references
INSERT INTO STG_GONG_CALL_PARTICIPANTS
    (PARTICIPANT_KEY, CALL_ID, PARTICIPANT_INDEX, PARTY_ID, SPEAKER_ID, USER_ID, PARTICIPANT_NAME,
     PARTICIPANT_EMAIL, PARTICIPANT_TITLE, AFFILIATION, HUBSPOT_CONTACT_ID, CRM_REFERENCES)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
