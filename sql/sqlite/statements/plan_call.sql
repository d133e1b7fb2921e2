-- What a call of a transform needs: whether anything of it is not processed and nothing of it
-- damaged, and how many bytes have to be read. No row when the call is unknown or deleted.
-- ?1 call id
SELECT (C.PROCESSED = 0 OR COALESCE(T.PROCESSED = 0, 0))
           AND C.PAYLOAD_SHA <> ''
           AND COALESCE(T.PAYLOAD_SHA <> '', 1),
       OCTET_LENGTH(C.RAW_DATA) + COALESCE(OCTET_LENGTH(T.TRANSCRIPT_DATA), 0)
FROM GONG_CALLS_RAW AS C
LEFT JOIN GONG_CALL_TRANSCRIPTS_RAW AS T ON T.CALL_ID = C.CALL_ID AND T.DELETED_AT IS NULL
WHERE C.CALL_ID = ?1 AND C.DELETED_AT IS NULL
