-- fakesnow: no
-- What has changed in landing since it was last transformed.
--
-- Standard streams, not append-only ones: landing updates a row in place when Gong serves a document anew, and an
-- append-only stream would never show that. A stream goes stale when nobody reads it for the retention of its
-- table (extended to 14 days at most); a full transform by the client makes up for that.

CREATE STREAM IF NOT EXISTS GONG_CALLS_RAW_CHANGES ON TABLE GONG_CALLS_RAW;

CREATE STREAM IF NOT EXISTS GONG_CALL_TRANSCRIPTS_RAW_CHANGES ON TABLE GONG_CALL_TRANSCRIPTS_RAW;
