-- Limits on what models cost, by the step that asks (the query tag's): resource monitors watch warehouses only. Run by
-- the schema's owner, after cost_views.sql; it needs EXECUTE ALERT on the account (setup/04_account.sql).
--
-- GONG_MAIL is a notification integration of type EMAIL that somebody has made and granted to the owner.

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

CREATE ALERT IF NOT EXISTS GONG_AI_SPEND_ALERT
    WAREHOUSE = {warehouse}
    SCHEDULE = '60 MINUTES'
    IF (EXISTS (SELECT 1 FROM VW_GONG_OVERSPENT))
    THEN CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(
        SNOWFLAKE.NOTIFICATION.TEXT_PLAIN('A step asked models about Gong calls for more than its limit today: see VW_GONG_OVERSPENT.'),
        SNOWFLAKE.NOTIFICATION.INTEGRATION('GONG_MAIL')
    );
