-- Calls with something that is not processed, ascending by id, and how many characters have to be read. Transcripts
-- whose call is not stored wait. None while tasks write staging.
-- ? version of this reader, ? and ? whether to take all that failed, or only those that this reader has not failed to
-- read, ? limit
SELECT
    P.CALL_ID,
    LENGTH(TO_JSON(C.RAW_DATA)) + COALESCE(LENGTH(TO_JSON(T.TRANSCRIPT_DATA)), 0) AS DOCUMENT_CHARS
FROM (
    SELECT R.CALL_ID
    FROM GONG_CALLS_RAW AS R
    LEFT JOIN GONG_CALL_TRANSCRIPTS_RAW AS S ON S.CALL_ID = R.CALL_ID AND S.DELETED_AT IS NULL
    LEFT JOIN PIPELINE_ERRORS AS E
        ON E.CALL_ID = R.CALL_ID AND E.STAGE = 'transform' AND E.READER_VERSION = ?
    WHERE R.DELETED_AT IS NULL
        AND (SELECT MAX(WRITER) FROM GONG_STAGING) = 'client'
        AND (
            (NOT R.PROCESSED AND (? OR E.CALL_ID IS NULL OR R.PROCESSING_ERROR IS NULL))
            OR (
                S.CALL_ID IS NOT NULL
                AND NOT S.PROCESSED
                AND (? OR E.CALL_ID IS NULL OR COALESCE(R.PROCESSING_ERROR, S.PROCESSING_ERROR) IS NULL)
            )
        )
    QUALIFY ROW_NUMBER() OVER (ORDER BY R.CALL_ID) <= ?
) AS P
INNER JOIN GONG_CALLS_RAW AS C ON C.CALL_ID = P.CALL_ID
LEFT JOIN GONG_CALL_TRANSCRIPTS_RAW AS T ON T.CALL_ID = P.CALL_ID AND T.DELETED_AT IS NULL
ORDER BY P.CALL_ID
