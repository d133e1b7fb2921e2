-- Topics, which the share lacks, stay with a call that the API brought before.
UPDATE GONG_SHARE_NEW_CALLS
SET DOCUMENT = OBJECT_CONSTRUCT(
    'metaData', GONG_SHARE_NEW_CALLS.DOCUMENT:metaData,
    'context', GONG_SHARE_NEW_CALLS.DOCUMENT:context,
    'parties', GONG_SHARE_NEW_CALLS.DOCUMENT:parties,
    'content', OBJECT_CONSTRUCT(
        'trackers', GONG_SHARE_NEW_CALLS.DOCUMENT:content:trackers,
        'brief', GONG_SHARE_NEW_CALLS.DOCUMENT:content:brief,
        'topics', R.RAW_DATA:content:topics
    )
)
FROM GONG_CALLS_RAW AS R
WHERE R.CALL_ID = GONG_SHARE_NEW_CALLS.CALL_ID AND R.RAW_DATA:content:topics IS NOT NULL
