-- Streams of the schema, with whether each can still be read.
SHOW STREAMS
