-- Streams of the schema, with whether each can still be read. Without IN SCHEMA it would be those of the database.
SHOW STREAMS IN SCHEMA
