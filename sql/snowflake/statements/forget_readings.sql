-- Removes readings of transcripts that are gone or others by now.
DELETE FROM CALL_READINGS
WHERE NOT EXISTS (
        SELECT 1
        FROM STG_GONG_CALLS AS C
        WHERE C.CALL_ID = CALL_READINGS.CALL_ID
            AND C.SENTENCES_SHA = CALL_READINGS.TRANSCRIPT_SHA
            AND C.DELETED_AT IS NULL
    )
