-- All of one call in one reply: a row the call, each sentence, participant, topic, CRM record and reading. No row when it is
-- unknown or deleted. A part is a JSON object without what is null; instants stand beside it.
-- ? eight times the call id
SELECT
    'call' AS WHAT,
    0 AS POSITION,
    OBJECT_CONSTRUCT(
        'title', C.CALL_TITLE,
        'duration_seconds', C.CALL_DURATION_SECONDS,
        'direction', C.CALL_DIRECTION,
        'media', C.CALL_MEDIA,
        'scope', C.CALL_SCOPE,
        'system', C.CALL_SYSTEM,
        'language', C.CALL_LANGUAGE,
        'url', C.CALL_URL,
        'workspace', C.WORKSPACE_ID,
        'private', C.IS_PRIVATE,
        'user', C.PRIMARY_USER_ID,
        'deal', C.HUBSPOT_DEAL_ID,
        'crm', C.CRM_REFERENCES,
        'trackers', C.TRACKERS,
        'brief', C.BRIEF,
        'findings', C.GONG_FINDINGS,
        'notes', C.READING_NOTES,
        'sentences', C.SENTENCE_COUNT,
        'transcript_sha', C.SENTENCES_SHA,
        'metrics', C.METRICS,
        'score', C.SENTIMENT_SCORE,
        'label', C.SENTIMENT_LABEL,
        'summary', C.CALL_SUMMARY,
        'topics', C.KEY_TOPICS,
        'risks', C.RISK_INDICATORS,
        'next_steps', C.NEXT_STEPS,
        'backend', C.INSIGHTS_BACKEND,
        'model', C.INSIGHTS_MODEL,
        'reason', C.CRM_MATCH_REASON,
        'deal_stage_at_call', COALESCE(A.STAGE_LABEL, C.DEAL_STAGE_AT_CALL),
        'other_systems', C.OTHER_CRM_LINKS
    ) AS CONTENT,
    C.CALL_DATETIME_UTC AS FIRST_AT,
    C.SCHEDULED_DATETIME_UTC AS SECOND_AT,
    NULL::TIMESTAMP_NTZ AS READ_AT,
    NULL::TIMESTAMP_NTZ AS AS_OF
FROM STG_GONG_CALLS AS C
LEFT JOIN CRM_DEALS AS D ON D.DEAL_ID = C.HUBSPOT_DEAL_ID
LEFT JOIN CRM_STAGES AS A ON A.PIPELINE_ID = D.PIPELINE_ID AND A.STAGE_ID = C.DEAL_STAGE_AT_CALL
WHERE C.CALL_ID = ? AND C.DELETED_AT IS NULL
UNION ALL
SELECT
    'sentence',
    SENTENCE_INDEX,
    OBJECT_CONSTRUCT(
        'speaker', SPEAKER_ID,
        'topic', TOPIC,
        'start', START_MS,
        'end', END_MS,
        'text', TRANSCRIPT_TEXT,
        'score', SEGMENT_SENTIMENT
    ),
    NULL,
    NULL,
    NULL,
    NULL
FROM STG_GONG_CALL_TRANSCRIPTS
WHERE CALL_ID = ?
UNION ALL
SELECT
    'participant',
    PARTICIPANT_INDEX,
    OBJECT_CONSTRUCT(
        'id', PARTY_ID,
        'speaker', SPEAKER_ID,
        'user', USER_ID,
        'name', PARTICIPANT_NAME,
        'email', PARTICIPANT_EMAIL,
        'title', PARTICIPANT_TITLE,
        'affiliation', AFFILIATION,
        'crm', CRM_REFERENCES
    ),
    NULL,
    NULL,
    NULL,
    NULL
FROM STG_GONG_CALL_PARTICIPANTS
WHERE CALL_ID = ?
UNION ALL
SELECT 'topic', TOPIC_INDEX, OBJECT_CONSTRUCT('name', TOPIC_NAME, 'seconds', DURATION_SECONDS), NULL, NULL, NULL, NULL
FROM STG_GONG_CALL_TOPICS
WHERE CALL_ID = ?
UNION ALL
SELECT
    'deal',
    L.POSITION,
    OBJECT_CONSTRUCT(
        'id', D.DEAL_ID,
        'name', D.DEAL_NAME,
        'amount', D.AMOUNT::VARCHAR,
        'currency', D.CURRENCY,
        'pipeline', D.PIPELINE_ID,
        'stage', D.STAGE_ID,
        -- The catalogue is read more often than the deal.
        'stage_label', COALESCE(S.STAGE_LABEL, D.STAGE_LABEL),
        'probability', D.PROBABILITY,
        'owner', D.OWNER_ID,
        'owner_name', COALESCE(D.OWNER_NAME, O.OWNER_NAME, O.OWNER_EMAIL),
        'outcome', D.OUTCOME,
        'contacts', D.CONTACT_IDS,
        'companies', D.COMPANY_IDS,
        'stage_stays', D.STAGE_STAYS
    ),
    D.CLOSE_DATE::TIMESTAMP_NTZ,
    D.CREATED_AT::TIMESTAMP_NTZ,
    D.READ_AT::TIMESTAMP_NTZ,
    COALESCE(D.AS_OF, D.READ_AT)::TIMESTAMP_NTZ
FROM (
    SELECT OBJECT_ID, MIN(LINK_INDEX) AS POSITION
    FROM STG_GONG_CALL_CRM_LINKS
    WHERE CALL_ID = ? AND OBJECT_KIND = 'deal'
    GROUP BY OBJECT_ID
) AS L
INNER JOIN CRM_DEALS AS D ON D.DEAL_ID = L.OBJECT_ID
LEFT JOIN CRM_STAGES AS S ON S.PIPELINE_ID = D.PIPELINE_ID AND S.STAGE_ID = D.STAGE_ID
LEFT JOIN CRM_OWNERS AS O ON O.OWNER_ID = D.OWNER_ID
UNION ALL
-- The call's own company, else the primary one of its deal, else its contact's.
SELECT
    'company',
    0,
    OBJECT_CONSTRUCT('id', K.COMPANY_ID, 'name', K.COMPANY_NAME, 'domain', K.DOMAIN, 'industry', K.INDUSTRY),
    NULL,
    NULL,
    NULL,
    NULL
FROM STG_GONG_CALLS AS C
LEFT JOIN CRM_DEALS AS D ON D.DEAL_ID = C.HUBSPOT_DEAL_ID
LEFT JOIN CRM_CONTACTS AS P ON P.CONTACT_ID = C.HUBSPOT_CONTACT_ID
INNER JOIN CRM_COMPANIES AS K
    ON K.COMPANY_ID = COALESCE(C.HUBSPOT_COMPANY_ID, D.COMPANY_IDS[0]::VARCHAR, P.COMPANY_ID)
WHERE C.CALL_ID = ?
UNION ALL
SELECT
    'contact',
    L.POSITION,
    OBJECT_CONSTRUCT(
        'id', K.CONTACT_ID,
        'email', K.CONTACT_EMAIL,
        'name', K.CONTACT_NAME,
        'title', K.CONTACT_TITLE,
        'company', K.COMPANY_ID
    ),
    NULL,
    NULL,
    NULL,
    NULL
FROM (
    SELECT OBJECT_ID, MIN(LINK_INDEX) AS POSITION
    FROM STG_GONG_CALL_CRM_LINKS
    WHERE CALL_ID = ? AND OBJECT_KIND = 'contact'
    GROUP BY OBJECT_ID
) AS L
INNER JOIN CRM_CONTACTS AS K ON K.CONTACT_ID = L.OBJECT_ID
UNION ALL
SELECT
    'reading',
    ROW_NUMBER() OVER (ORDER BY R.READ_AT DESC, R.BACKEND, R.MODEL),
    OBJECT_CONSTRUCT(
        'sha', R.TRANSCRIPT_SHA,
        'backend', R.BACKEND,
        'model', R.MODEL,
        'requests', R.REQUESTS,
        'reading', R.READING
    ),
    R.READ_AT::TIMESTAMP_NTZ,
    NULL,
    NULL,
    NULL
FROM CALL_READINGS AS R
INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = R.CALL_ID AND C.SENTENCES_SHA = R.TRANSCRIPT_SHA
WHERE R.CALL_ID = ?
ORDER BY WHAT, POSITION
