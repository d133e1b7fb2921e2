-- What agents work by of Gong's records: its scorecards and trackers, as it sent them. Users and reviews they see by the
-- columns of their views alone.

CREATE OR REPLACE VIEW GONG_SETUP_RECORDS COPY GRANTS AS
SELECT STREAM, RECORD_KEY, RECORD_DAY, RAW_DATA, DELETED_AT
FROM GONG_RECORDS_RAW
WHERE STREAM IN ('scorecards', 'trackers');
