-- Calls with something that is not processed, ascending by id, and how many characters have to be read. Transcripts
-- whose call is not stored wait.
-- ? and ? and ? whether to take those that failed as well, ? limit
SELECT
    C.CALL_ID,
    LENGTH(TO_JSON(C.RAW_DATA)) + COALESCE(LENGTH(TO_JSON(T.TRANSCRIPT_DATA)), 0) AS DOCUMENT_CHARS
FROM GONG_CALLS_RAW AS C
LEFT JOIN GONG_CALL_TRANSCRIPTS_RAW AS T ON T.CALL_ID = C.CALL_ID AND T.DELETED_AT IS NULL
WHERE C.DELETED_AT IS NULL
    AND (
        (NOT C.PROCESSED AND (? OR C.PROCESSING_ERROR IS NULL))
        OR (
            T.CALL_ID IS NOT NULL
            AND NOT T.PROCESSED
            AND (? OR C.PROCESSING_ERROR IS NULL)
            AND (? OR T.PROCESSING_ERROR IS NULL)
        )
    )
ORDER BY C.CALL_ID
LIMIT ?
