-- What calls that are no longer served were asked for. Runs before the others that forget.
DELETE FROM GONG_AI_WORK_CALLS
WHERE CALL_ID NOT IN (SELECT CALL_ID FROM STG_GONG_CALLS WHERE DELETED_AT IS NULL)
