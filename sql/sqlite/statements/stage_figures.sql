-- Stages the figures of a call's conversation; all null when it has no transcript.
-- ?1 call id, ?2 sentences, ?3 their hash, ?4 talk ratio, ?5 longest monologue, ?6 longest customer
-- story, ?7 interactivity, ?8 patience, ?9 questions, ?10 question rate, ?11 filler rate,
-- ?12 metrics
UPDATE STG_GONG_CALLS
SET SENTENCE_COUNT = ?2, SENTENCES_SHA = ?3, TALK_RATIO = ?4, LONGEST_MONOLOGUE_SECONDS = ?5,
    LONGEST_CUSTOMER_STORY_SECONDS = ?6, INTERACTIVITY_SCORE = ?7, PATIENCE_SECONDS = ?8,
    QUESTIONS_ASKED_COUNT = ?9, QUESTION_RATE = ?10, FILLER_RATE = ?11, METRICS = ?12
WHERE CALL_ID = ?1
