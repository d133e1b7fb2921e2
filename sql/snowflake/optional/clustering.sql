-- Clustering keys, off until somebody runs this: a table is worth one from some hundred gigabytes on, when reads of one
-- call or one rep take longer than they should. Reclustering is serverless and billed after every merge that shuffles
-- rows (VW_GONG_CLUSTERING_COST). Off again: ALTER TABLE … DROP CLUSTERING KEY.
ALTER TABLE GONG_CALLS_RAW CLUSTER BY (CALL_ID);
ALTER TABLE GONG_CALL_TRANSCRIPTS_RAW CLUSTER BY (CALL_ID);
ALTER TABLE STG_GONG_CALLS CLUSTER BY (PRIMARY_USER_NAME, TO_DATE(CALL_DATETIME_UTC));
ALTER TABLE STG_GONG_CALL_TRANSCRIPTS CLUSTER BY (CALL_ID);
