-- What landing has, or has a newer one of, or knows to be deleted since. A row that arrived since the merge is neither, and stays.
DELETE FROM GONG_CALLS_STREAMED
USING GONG_CALLS_RAW AS R
WHERE GONG_CALLS_STREAMED.CALL_ID = R.CALL_ID
    AND (
        GONG_CALLS_STREAMED.PAYLOAD_SHA = R.PAYLOAD_SHA
        OR TO_TIMESTAMP_LTZ(GONG_CALLS_STREAMED.LANDED_AT, 'AUTO') < R.INGESTED_AT
        OR TO_TIMESTAMP_LTZ(GONG_CALLS_STREAMED.LANDED_AT, 'AUTO') < R.DELETED_AT
    )
