-- Word of limits that are passed. Run by the schema's owner, after spend_limits.sql; it needs EXECUTE ALERT on the account
-- (setup/04_account.sql). It asks every hour, and each time wakes the warehouse. New alerts are suspended: the last line
-- starts it.
--
-- {mail_integration} is a notification integration of type EMAIL, with DEFAULT_RECIPIENTS, that somebody has made and granted to
-- the owner.
CREATE ALERT IF NOT EXISTS GONG_AI_SPEND_ALERT
    WAREHOUSE = {warehouse}
    SCHEDULE = '60 MINUTES'
    IF (EXISTS (SELECT 1 FROM VW_GONG_OVERSPENT))
    THEN CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(
        SNOWFLAKE.NOTIFICATION.TEXT_PLAIN('A step asked models about Gong calls for more than its limit today: see VW_GONG_OVERSPENT.'),
        SNOWFLAKE.NOTIFICATION.INTEGRATION('{mail_integration_stored}')
    );

ALTER ALERT GONG_AI_SPEND_ALERT RESUME;
