-- The readings of a call go.
-- ?1 call id
DELETE FROM CALL_READINGS WHERE CALL_ID = ?1
