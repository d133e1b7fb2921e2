-- CRM users without names and addresses: the rows stay, or enrichment would fetch them again.
-- ? JSON rows of id, name
UPDATE CRM_OWNERS
SET OWNER_NAME = S.OWNER_NAME, OWNER_EMAIL = NULL
FROM (
    SELECT F.VALUE:id::VARCHAR AS OWNER_ID, F.VALUE:name::VARCHAR AS OWNER_NAME
    FROM (SELECT PARSE_JSON(?) AS OWNERS) AS B, LATERAL FLATTEN(INPUT => B.OWNERS) AS F
) AS S
WHERE CRM_OWNERS.OWNER_ID = S.OWNER_ID
