-- Removes the links of calls that are matched anew. Runs after save_crm_matches.
-- ? JSON array of call ids
DELETE FROM STG_GONG_CALL_CRM_LINKS
WHERE CALL_ID IN (
        SELECT C.CALL_ID
        FROM (
            SELECT F.VALUE::VARCHAR AS CALL_ID
            FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
        ) AS I
        INNER JOIN STG_GONG_CALLS AS C ON C.CALL_ID = I.CALL_ID
        WHERE C.DELETED_AT IS NULL AND C.CRM_MATCH_REASON <> 'gong_context'
    )
