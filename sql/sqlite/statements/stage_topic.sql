-- Stages a topic.
-- ?1 key, ?2 call id, ?3 index, ?4 name, ?5 seconds
INSERT INTO STG_GONG_CALL_TOPICS (TOPIC_KEY, CALL_ID, TOPIC_INDEX, TOPIC_NAME, DURATION_SECONDS)
VALUES (?1, ?2, ?3, ?4, ?5)
