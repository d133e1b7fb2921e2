-- Stores the score of a sentence.
-- ?1 call id, ?2 index, ?3 score
UPDATE STG_GONG_CALL_TRANSCRIPTS SET SEGMENT_SENTIMENT = ?3 WHERE CALL_ID = ?1 AND SENTENCE_INDEX = ?2
