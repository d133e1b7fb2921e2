-- Stages the participants of calls, whose earlier ones are removed first.
-- ? JSON rows of id, call_sha, transcript_sha, participants (id, speaker, user, name, email, title, affiliation, contact, crm)
INSERT INTO STG_GONG_CALL_PARTICIPANTS
    (
        CALL_ID, PARTICIPANT_INDEX, PARTY_ID, SPEAKER_ID, USER_ID, PARTICIPANT_NAME, PARTICIPANT_EMAIL,
        PARTICIPANT_TITLE, AFFILIATION, HUBSPOT_CONTACT_ID, CRM_REFERENCES
    )
SELECT
    S.CALL_ID,
    S.POSITION,
    S.PART:id::VARCHAR,
    S.PART:speaker::VARCHAR,
    S.PART:user::VARCHAR,
    S.PART:name::VARCHAR,
    S.PART:email::VARCHAR,
    S.PART:title::VARCHAR,
    S.PART:affiliation::VARCHAR,
    S.PART:contact::VARCHAR,
    S.PART:crm
FROM (
    SELECT
        F.VALUE:id::VARCHAR AS CALL_ID,
        F.VALUE:call_sha::VARCHAR AS CALL_SHA,
        F.VALUE:transcript_sha::VARCHAR AS TRANSCRIPT_SHA,
        E.INDEX AS POSITION,
        E.VALUE AS PART
    FROM
        (SELECT PARSE_JSON(?) AS BATCH) AS B,
        LATERAL FLATTEN(INPUT => B.BATCH) AS F,
        LATERAL FLATTEN(INPUT => F.VALUE:participants) AS E
) AS S
INNER JOIN GONG_LANDED_CALLS AS L
    ON L.CALL_ID = S.CALL_ID
    AND L.CALL_SHA = S.CALL_SHA
    AND L.TRANSCRIPT_SHA IS NOT DISTINCT FROM S.TRANSCRIPT_SHA
