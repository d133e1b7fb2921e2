-- What leaves the index of words leaves its pages too: otherwise a deletion is another entry, and the words stay until
-- parts of the index are merged.

INSERT INTO STG_GONG_TRANSCRIPT_CHUNKS_FTS (STG_GONG_TRANSCRIPT_CHUNKS_FTS, rank) VALUES ('secure-delete', 1);
