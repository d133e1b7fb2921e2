-- Stages a sentence.
-- ?1 call id, ?2 index, ?3 speaker id, ?4 speaker's name, ?5 e-mail, ?6 side, ?7 start, ?8 end,
-- ?9 words, ?10 topic, ?11 text, ?12 key of the sentence
INSERT INTO STG_GONG_CALL_TRANSCRIPTS
    (SENTENCE_KEY, CALL_ID, SENTENCE_INDEX, SPEAKER_ID, SPEAKER_NAME, SPEAKER_EMAIL, SPEAKER_TYPE,
     START_MS, END_MS, WORD_COUNT, TOPIC, TRANSCRIPT_TEXT)
VALUES (?12, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
