//! Gong sales calls into Snowflake or SQLite.
