-- Takes deals out of the CRM mirror.
-- ? JSON array of ids
DELETE FROM CRM_DEALS
WHERE DEAL_ID IN (
        SELECT F.VALUE::VARCHAR
        FROM (SELECT PARSE_JSON(?) AS IDS) AS B, LATERAL FLATTEN(INPUT => B.IDS) AS F
    )
