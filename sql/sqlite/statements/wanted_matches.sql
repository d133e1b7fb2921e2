-- A row a participant with an e-mail address, of calls that Gong links with no HubSpot record, that
-- others than colleagues took part in and that were not matched since an instant. Calls of
-- strangers are asked for again when their age has doubled: people are written down soon after a
-- first call, or never.
-- ?1 instant, ?2 limit of calls
SELECT C.CALL_ID, C.CALL_DATETIME_UTC, P.PARTICIPANT_EMAIL, P.AFFILIATION
FROM (
    SELECT U.CALL_KEY, U.CALL_ID, U.CALL_DATETIME_UTC
    FROM STG_GONG_CALLS AS U
    WHERE U.DELETED_AT IS NULL
        AND (U.CRM_MATCH_REASON IS NULL OR U.CRM_MATCH_REASON <> 'gong_context')
        AND COALESCE(U.CRM_MATCHED_AT, '') < ?1
        AND (
            U.CRM_MATCH_REASON IS NULL
            OR U.CRM_MATCH_REASON <> 'nobody_known'
            OR JULIANDAY(?1) - JULIANDAY(U.CRM_MATCHED_AT)
            >= JULIANDAY(U.CRM_MATCHED_AT) - JULIANDAY(U.CALL_DATETIME_UTC)
        )
        AND EXISTS (
            SELECT 1
            FROM STG_GONG_CALL_PARTICIPANTS AS E
            WHERE E.PARTICIPANT_KEY BETWEEN U.CALL_KEY << 24 AND U.CALL_KEY << 24 | 0xFFFFFF
                AND E.AFFILIATION <> 'Internal'
                AND E.PARTICIPANT_EMAIL LIKE '%_@_%'
        )
    ORDER BY U.CALL_ID
    LIMIT ?2
) AS C
INNER JOIN STG_GONG_CALL_PARTICIPANTS AS P
    ON P.PARTICIPANT_KEY BETWEEN C.CALL_KEY << 24 AND C.CALL_KEY << 24 | 0xFFFFFF
WHERE P.PARTICIPANT_EMAIL LIKE '%_@_%'
ORDER BY C.CALL_ID, P.PARTICIPANT_KEY
