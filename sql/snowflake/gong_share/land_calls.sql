-- Lands what of the share is newer: over a document of the API only when the share's rows changed after that one
-- came. Topics, which the share lacks, stay.
-- ? now, run
MERGE INTO GONG_CALLS_RAW AS T
USING (
    SELECT
        S.CALL_ID,
        S.SHA,
        K.SHA AS KNOWN_SHA,
        S.MODIFIED_AT,
        S.STARTED_AT,
        S.SCHEDULED_AT,
        K.GONE_AT,
        CAST(? AS TIMESTAMP_LTZ) AS LANDED_AT,
        CAST(? AS VARCHAR) AS CORRELATION_ID,
        CASE
            WHEN R.RAW_DATA:content:topics IS NULL THEN S.DOCUMENT
            ELSE OBJECT_CONSTRUCT(
                'metaData', S.DOCUMENT:metaData,
                'context', S.DOCUMENT:context,
                'parties', S.DOCUMENT:parties,
                'content', OBJECT_CONSTRUCT(
                    'trackers', S.DOCUMENT:content:trackers,
                    'brief', S.DOCUMENT:content:brief,
                    'topics', R.RAW_DATA:content:topics
                )
            )
        END AS RAW_DATA
    FROM GONG_SHARE_NEW_CALLS AS S
    LEFT JOIN GONG_SHARE_CALLS AS K ON K.CALL_ID = S.CALL_ID
    LEFT JOIN GONG_CALLS_RAW AS R ON R.CALL_ID = S.CALL_ID
    WHERE K.CALL_ID IS NULL OR K.SHA <> S.SHA OR K.GONE_AT IS NOT NULL
) AS S ON T.CALL_ID = S.CALL_ID
WHEN MATCHED
    AND (T.PAYLOAD_SHA <> S.SHA OR T.DELETED_AT IS NOT NULL)
    AND (
        S.GONE_AT IS NOT NULL
        OR (T.DELETED_AT IS NULL AND T.PAYLOAD_SHA = COALESCE(S.KNOWN_SHA, ''))
        OR S.MODIFIED_AT > COALESCE(T.DELETED_AT, T.INGESTED_AT)
    ) THEN UPDATE SET
    PAYLOAD_SHA = S.SHA,
    INGESTED_AT = S.LANDED_AT,
    CORRELATION_ID = S.CORRELATION_ID,
    STARTED_AT = S.STARTED_AT,
    SCHEDULED_AT = S.SCHEDULED_AT,
    PROCESSED = FALSE,
    PROCESSED_AT = NULL,
    PROCESSING_ERROR = NULL,
    DELETED_AT = NULL,
    RAW_DATA = S.RAW_DATA,
    ORIGINAL_TEXT = NULL,
    CLEANING_NOTES = NULL
WHEN NOT MATCHED THEN INSERT
    (CALL_ID, PAYLOAD_SHA, INGESTED_AT, CORRELATION_ID, STARTED_AT, SCHEDULED_AT, PROCESSED, RAW_DATA)
    VALUES (
        S.CALL_ID, S.SHA, S.LANDED_AT, S.CORRELATION_ID, S.STARTED_AT, S.SCHEDULED_AT, FALSE, S.RAW_DATA
    )
