-- Where text of calls may travel to be read by a model that the account's region does not serve. Run once, by
-- ACCOUNTADMIN. It holds for the whole account: read it first.
--
-- DISABLED keeps text in the account's region, and with it only the models of that region. AWS_US, AWS_EU and the like
-- keep it within that part of the world, AWS_GLOBAL and the like within that cloud; ANY_REGION keeps it nowhere. What
-- nobody has set is ANY_REGION in organisations that began after 9 March 2026, and in most others the account's own part
-- of the world.
-- `snowflake_setup check` shows what is set, and whether the models that you ask for are offered then.

USE ROLE ACCOUNTADMIN;

ALTER ACCOUNT SET CORTEX_ENABLED_CROSS_REGION = '{cross_region}';
