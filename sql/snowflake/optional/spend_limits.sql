-- Limits on what models cost, by the step that asks (the query tag's): resource monitors watch warehouses only. Run by
-- the schema's owner, after cost_views.sql. spend_alert.sql sends word of what is in VW_GONG_OVERSPENT.

CREATE TABLE IF NOT EXISTS GONG_SPEND_LIMITS (
    STEP            VARCHAR NOT NULL,             -- as in the query tag: ai_read, analyze, ingest, …
    CREDITS_PER_DAY FLOAT NOT NULL
);

MERGE INTO GONG_SPEND_LIMITS AS T
USING (SELECT 'ai_read' AS STEP, 10 AS CREDITS_PER_DAY) AS S ON T.STEP = S.STEP
WHEN NOT MATCHED THEN INSERT (STEP, CREDITS_PER_DAY) VALUES (S.STEP, S.CREDITS_PER_DAY);

-- Steps that spent more today than they may.
CREATE OR REPLACE VIEW VW_GONG_OVERSPENT COPY GRANTS AS
SELECT L.STEP, L.CREDITS_PER_DAY, SUM(C.CREDITS) AS CREDITS
FROM GONG_SPEND_LIMITS AS L
INNER JOIN VW_GONG_AI_COST AS C ON C.STEP = L.STEP AND C.USAGE_DAY = DATE_TRUNC('DAY', CURRENT_TIMESTAMP())
GROUP BY L.STEP, L.CREDITS_PER_DAY
HAVING SUM(C.CREDITS) > L.CREDITS_PER_DAY;
