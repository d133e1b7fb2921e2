-- Calls of which there is a document, whether Gong still serves them or not.
SELECT CALL_ID FROM GONG_CALLS_RAW
UNION
SELECT CALL_ID FROM GONG_CALL_TRANSCRIPTS_RAW
