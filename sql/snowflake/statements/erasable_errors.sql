-- What procedures failed of: Snowflake's words may quote a value.
SELECT DISTINCT REASON FROM GONG_PROCEDURE_ERRORS WHERE REASON IS NOT NULL ORDER BY REASON
