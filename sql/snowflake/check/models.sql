-- Models that this role may use, with the regions that serve them.
SHOW CORTEX BASE MODELS IN SCHEMA SNOWFLAKE.MODELS
