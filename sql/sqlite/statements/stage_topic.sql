-- Stages a topic.
-- ?1 call id, ?2 index, ?3 name, ?4 seconds
INSERT INTO STG_GONG_CALL_TOPICS (CALL_ID, TOPIC_INDEX, TOPIC_NAME, DURATION_SECONDS)
VALUES (?1, ?2, ?3, ?4)
