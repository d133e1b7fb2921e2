-- Models that this role may use, with the regions that serve them and the settings that reach them from elsewhere.
SHOW CORTEX BASE MODELS IN SCHEMA SNOWFLAKE.MODELS
