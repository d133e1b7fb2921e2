-- What is on its way has arrived, or its run ended before.
DELETE FROM GONG_SHARE_NEW_CALLS
