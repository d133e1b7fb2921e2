-- Records that were deleted before an instant.
-- ? instant
DELETE FROM GONG_RECORDS_RAW
WHERE DELETED_AT < CAST(? AS TIMESTAMP_LTZ)
