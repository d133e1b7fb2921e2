-- What is stored of a transcript's document, without reading the document.
-- ?1 call id
SELECT PAYLOAD_SHA, PROCESSED, PROCESSING_ERROR IS NOT NULL, DELETED_AT IS NOT NULL
FROM GONG_CALL_TRANSCRIPTS_RAW
WHERE CALL_ID = ?1
