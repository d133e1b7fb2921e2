-- Which models there are for the role, and until when. Without their schema, a session with a database would be told none.
SHOW CORTEX BASE MODELS IN SCHEMA SNOWFLAKE.MODELS
