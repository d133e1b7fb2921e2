-- An alert on what models cost: resource monitors watch warehouses only. Run by the schema's owner, after
-- cost_views.sql; it needs EXECUTE ALERT on the account (setup/04_account.sql).
--
-- GONG_MAIL is a notification integration of type EMAIL that somebody has made and granted to the owner.

CREATE ALERT IF NOT EXISTS GONG_AI_SPEND_ALERT
    WAREHOUSE = {warehouse}
    SCHEDULE = '60 MINUTES'
    IF (EXISTS (
        SELECT 1
        FROM VW_GONG_AI_COST
        WHERE USAGE_DAY = DATE_TRUNC('DAY', CURRENT_TIMESTAMP())
        HAVING SUM(CREDITS) > 10
    ))
    THEN CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(
        SNOWFLAKE.NOTIFICATION.TEXT_PLAIN('Models asked about Gong calls cost more than 10 credits today.'),
        SNOWFLAKE.NOTIFICATION.INTEGRATION('GONG_MAIL')
    );
