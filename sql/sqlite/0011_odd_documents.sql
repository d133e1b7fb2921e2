-- Documents that hold what no store can hold (a lone surrogate, NUL, a key twice, a number out of range) are cleaned
-- before they land; how they came is kept. Calls whose fields are not as Gong documents them say so.
--
-- The columns stand behind the document: they are null for nearly every row, and reading a null behind it does not walk
-- its pages.

ALTER TABLE GONG_CALLS_RAW ADD COLUMN ORIGINAL_TEXT TEXT;   -- as Gong sent it; null when nothing was cleaned, or too large
ALTER TABLE GONG_CALLS_RAW ADD COLUMN CLEANING_NOTES TEXT;  -- JSON array: what was cleaned, by place
ALTER TABLE GONG_CALL_TRANSCRIPTS_RAW ADD COLUMN ORIGINAL_TEXT TEXT;
ALTER TABLE GONG_CALL_TRANSCRIPTS_RAW ADD COLUMN CLEANING_NOTES TEXT;
ALTER TABLE STG_GONG_CALLS ADD COLUMN READING_NOTES TEXT;   -- JSON array: what was cleaned or left out, by place
